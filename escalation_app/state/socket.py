"""What the socket lets in. The one module that reaches into its dispatch; tests guard its shape.

The framework answers `connect` and `disconnect` as what they are, also when a client sends them as
ordinary events. That would let anybody make states without end, or leave its account while staying
in its rooms. A token names a tab and is kept for hours, so it must look like one.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import reflex as rx
from socketio.exceptions import ConnectionRefusedError as Refused

from escalation_app.settings import settings

# What our own pages send.
EVENTS = frozenset({"event", "ping", "client_error"})
CHATTY = "reflex_base.event.processor.event_processor"


def guard(app: rx.App) -> None:
    """Put the guard before the framework's own dispatch. Called once by the lifespan."""
    server, namespace = app.sio, app.event_namespace
    assert server is not None
    assert namespace is not None
    server._handle_event = only_our_events(server._handle_event)
    namespace.on_connect = only_tabs(namespace.on_connect)
    logging.getLogger(CHATTY).addFilter(WithoutSecrets())


def only_our_events(handle: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def handle_ours(eio_sid: str, namespace: str, ack: Any, data: Any) -> None:
        if isinstance(data, list) and data and data[0] in EVENTS:
            await handle(eio_sid, namespace, ack, data)

    return handle_ours


def only_tabs(connect: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def connect_tab(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        tokens = parse_qs(environ.get("QUERY_STRING", "")).get("token", [])
        if len(tokens) != 1 or not is_token(tokens[0]):
            raise Refused("This is not a tab of the desk.")
        return await connect(sid, environ, auth)

    return connect_tab


def is_token(text: str) -> bool:
    """Whether it is a UUID as browsers make them."""
    try:
        return len(text) == len(str(UUID(text)))
    except ValueError:
        return False


class WithoutSecrets(logging.Filter):
    """The framework logs an event that nobody handles whole, the session's cookie included."""

    def filter(self, record: logging.LogRecord) -> bool:
        name = re.escape(settings().cookie_name)
        record.msg = re.sub(rf"{name}=[^\s;'\"]+", "(a session)", str(record.msg))
        return True
