"""What the socket lets in. With `tabs`, what reaches into its dispatch; tests guard its shape.

The framework answers `connect` and `disconnect` as what they are, also when a client sends them as
ordinary events. That would let anybody make states without end, or leave its account while staying
in its rooms. A token names a tab and is kept for hours, so it must look like one.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import reflex as rx
from engineio.exceptions import SocketIsClosedError  # type: ignore[import-untyped]
from engineio.packet import MESSAGE  # type: ignore[import-untyped]
from engineio.packet import Packet as EnginePacket
from socketio.exceptions import ConnectionRefusedError as Refused
from socketio.packet import CONNECT, DISCONNECT, EVENT
from socketio.packet import Packet as SocketPacket

from escalation_app.settings import settings
from escalation_app.state import transport
from escalation_app.state.tabs import Tabs

# What our own pages send, and with how much.
EVENTS = {"event": 1, "ping": 0, "client_error": 1}
HANG_UP_SECONDS = 1.0
# The one event that carries a screen, to many at once.
UPDATE = "event"
KINDS = frozenset({CONNECT, DISCONNECT, EVENT})


class NotOurs(Exception):
    """No packet that our pages send."""


class OurPacket(SocketPacket):
    """One with attachments would be kept until the last of them has come, and says itself how many
    there are. One that can't be read would be told in the log, as often as somebody likes.
    """

    def decode(self, encoded_packet: str | bytes) -> int:
        """Raises NotOurs."""
        # Engine.IO has made something else of a text that is JSON as a whole.
        if not isinstance(encoded_packet, str):
            raise NotOurs
        try:
            attachments: int = super().decode(encoded_packet)
        except (ValueError, RecursionError) as error:
            raise NotOurs from error
        if self.packet_type not in KINDS:
            raise NotOurs
        return attachments


def guard(app: rx.App) -> None:
    """Put the guard before the framework's own dispatch. Called once by the lifespan."""
    server, namespace = app.sio, app.event_namespace
    assert server is not None
    assert namespace is not None
    hear_only_pages(server)
    server.manager.emit = at_once(server)
    transport.carry(server.eio)
    tabs = Tabs(namespace, lambda: app.state_manager)
    namespace.on_connect = only_tabs(tabs.connect)
    namespace.on_disconnect = tabs.disconnect
    namespace.on_event = tabs.event
    namespace.on_client_error = tabs.client_error
    namespace.link_token_to_sid = tabs.link


def hear_only_pages(server: Any) -> None:
    """Whoever sends what no page does is let go, and not a word of it is logged."""

    async def let_go(eio_sid: str) -> None:
        socket = server.eio.sockets.get(eio_sid)
        if socket is not None:
            # Not until all is sent that is queued: who takes nothing would be waited for.
            await socket.close(wait=False)

    server._handle_event = only_our_events(server._handle_event)
    server.packet_class = OurPacket
    server.eio.on("message", or_hang_up(server.eio.handlers["message"], let_go))


async def hang_up(app: rx.App) -> None:
    """Let all tabs go, for them to come back to a process that goes on."""
    server = app.sio
    if server is None or not server.eio.sockets:
        return
    # A line that swallows everything is not waited for.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HANG_UP_SECONDS):
            await server.eio.disconnect()


def or_hang_up(
    handle: Callable[..., Awaitable[None]], hang_up: Callable[[str], Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    """Whoever sends what no page does is not listened to any more."""

    async def handle_ours(eio_sid: str, data: str | bytes) -> None:
        try:
            await handle(eio_sid, data)
        except NotOurs:
            await hang_up(eio_sid)

    return handle_ours


def at_once(server: Any) -> Callable[..., Awaitable[None]]:
    """Put a packet into the queue of each socket that it is for, one after the other.

    The library makes a task for each, though none has to wait: the queues have no end.
    """
    library = server.manager.emit

    async def emit(event: str, data: Any, namespace: str, **how: Any) -> None:
        to = how.get("to") or how.get("room")
        if event != UPDATE or not to or how.get("skip_sid") or how.get("callback"):
            await library(event, data, namespace, **how)
            return
        packet = server.packet_class(EVENT, namespace=namespace, data=[event, data])
        message = EnginePacket(MESSAGE, packet.encode())
        for _, eio_sid in list(server.manager.get_participants(namespace, to)):
            socket = server.eio.sockets.get(eio_sid)
            if socket is not None:
                with contextlib.suppress(SocketIsClosedError):
                    await socket.send(message)

    return emit


def only_our_events(handle: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def handle_ours(eio_sid: str, namespace: str, ack: Any, data: Any) -> None:
        if not is_ours(data):
            raise NotOurs
        await handle(eio_sid, namespace, ack, data)

    return handle_ours


def is_ours(data: object) -> bool:
    """Whether it has the shape of an event that our pages send: its name, and what belongs to it."""
    if not isinstance(data, list) or not data:
        return False
    name, *arguments = data
    return isinstance(name, str) and EVENTS.get(name) == len(arguments)


def only_tabs(connect: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def connect_tab(sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        tokens = parse_qs(environ.get("QUERY_STRING", "")).get("token", [])
        if len(tokens) != 1 or not is_token(tokens[0]):
            raise Refused("This is not a tab of the desk.")
        # The framework refuses a foreign origin, but not one that is missing.
        if environ.get("HTTP_ORIGIN") != settings().public_url:
            raise Refused("This is not a page of the desk.")
        return await connect(sid, environ, auth)

    return connect_tab


def is_token(text: str) -> bool:
    """Whether it is a UUID as browsers make them."""
    try:
        return len(text) == len(str(UUID(text)))
    except ValueError:
        return False
