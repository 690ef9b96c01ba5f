"""How the framework builds and serves the desk."""

import reflex as rx

from escalation_app.front_end import PLACEHOLDER, OwnAddress
from escalation_app.settings import settings

config = rx.Config(
    app_name="escalation_app",
    frontend_port=settings().port,
    backend_port=settings().port,
    backend_host=settings().host,
    api_url=f"http://{PLACEHOLDER}",
    # Only our own page may open the socket: with cookies, `*` would let any site speak for the person.
    cors_allowed_origins=[settings().public_url],
    redis_url=settings().redis_url,
    # A shift and more: in Redis, substates expire one by one, and only a write renews them. In memory
    # the same number keeps the states of closed tabs; nothing is lost with one, so two hours do.
    redis_token_expiration=24 * 3600 if settings().redis_url else 2 * 3600,
    state_manager_mode=rx.constants.StateManagerMode.REDIS
    if settings().redis_url
    else rx.constants.StateManagerMode.MEMORY,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[OwnAddress()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
