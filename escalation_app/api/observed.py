"""Each request has an id, is measured, and what becomes of it is logged: without what was in it."""

import logging
import re
import time
from collections.abc import Iterable
from http import HTTPMethod

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from escalation_app import measures, request_context, routes
from escalation_app.api.documentation import MOUNTED_AT
from escalation_app.request_context import Cause, RequestContext, new_id

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# As proxies make them. What looks otherwise could be anything, and would stand in every line.
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
METHODS = frozenset(HTTPMethod)
# What isn't one of our routes: the page's own files, and whatever is asked for in vain.
ELSEWHERE = "other"
# Asked every few seconds by machines.
NO_NEWS = frozenset({routes.HEALTHZ, routes.READYZ, routes.METRICS, *routes.PAGES, ELSEWHERE})
FAILED = "The desk has a fault of its own, which was logged. Please try again later."
GONE = 499


class Observed:
    """ASGI middleware in front of everything."""

    def __init__(self, app: ASGIApp, known: Iterable[str]) -> None:
        self._app = app
        self._known = frozenset(known)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                with request_context.within(self._context(scope)) as context:
                    await Exchange(context, send).run(self._app, scope, receive)
            case "websocket":
                await self._socket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        with request_context.within(RequestContext(Cause.REQUEST)):
            try:
                await self._app(scope, receive, send)
            except Exception:
                # The server would log it, and all that its text quotes.
                log.exception("a socket failed")

    def _context(self, scope: Scope) -> RequestContext:
        method = scope["method"] if scope["method"] in METHODS else ELSEWHERE
        facts: dict[str, str | int] = {"method": str(method), "route": self._route(scope["path"])}
        return RequestContext(Cause.REQUEST, _given(Headers(scope=scope)) or new_id(), facts)

    def _route(self, path: str) -> str:
        """Its template, as far as it is known from outside; the API's routes name theirs."""
        path = path.rstrip("/")
        if path in self._known:
            return path
        return MOUNTED_AT if f"{path}/".startswith(f"{MOUNTED_AT}/") else ELSEWHERE


class Exchange:
    """One request and its answer."""

    def __init__(self, context: RequestContext, send: Send) -> None:
        self._context = context
        self._send = send
        self._began = time.perf_counter()
        self._status = 0
        self._is_whole = False

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive) -> None:
        try:
            await app(scope, receive, self._send_with_id)
        except Exception:
            log.exception("a request failed")
            if not self._status:
                await PlainTextResponse(FAILED, 500)(scope, receive, self._send_with_id)
            elif not self._is_whole:
                # Only an error makes the server break off what was promised.
                raise
        finally:
            self._conclude()

    async def _send_with_id(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._context.id
        self._is_whole = message["type"] == "http.response.body" and not message.get("more_body")
        await self._send(message)

    def _conclude(self) -> None:
        status, seconds = self._status or GONE, time.perf_counter() - self._began
        method, route = (str(self._context.facts[name]) for name in ("method", "route"))
        measures.requests.labels(method, route, f"{status // 100}xx").inc()
        measures.request_seconds.labels(route).observe(seconds)
        is_news = route not in NO_NEWS or status >= 500
        log.log(
            logging.INFO if is_news else logging.DEBUG,
            "answered",
            extra={"told": {"status": status, "ms": round(seconds * 1_000)}},
        )


def _given(headers: Headers) -> str:
    """The id that a proxy gave the request, or ""."""
    given = headers.getlist(HEADER)
    return given[0] if len(given) == 1 and WELL_FORMED.fullmatch(given[0]) else ""
