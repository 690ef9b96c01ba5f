"""How engine.io's packets come and go over a tab's websocket. Tests guard the library's shape.

The library makes a task and a timer for each packet, either way, and wakes for each socket to see
whether it is still there. With hundreds of tabs that was most of what a change cost.
"""

import asyncio
import contextlib
import logging
from typing import Any

from engineio.async_drivers.asgi import WebSocket  # type: ignore[import-untyped]
from engineio.exceptions import (  # type: ignore[import-untyped]
    EngineIOError,
    SocketIsClosedError,
)
from engineio.packet import CLOSE, MESSAGE, PONG, Packet  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

# Of one line, far more than any that is slow has waiting; what comes next would only add to it.
MOST_UNSENT = 1_000
# Who has yet to take so much is not asked what else they want: a case may be megabytes.
MOST_UNSENT_CHARACTERS = 4 * 2**20
LOOK_SECONDS = 0.1
# A line that takes nothing takes no goodbye either.
GOODBYE_SECONDS = 1.0
# What a page sends.
KINDS = frozenset({CLOSE, PONG, MESSAGE})


def carry(engine: Any) -> None:
    """Let engine.io's server speak through lines of ours, before the first socket comes."""
    engine._async = engine._async | {"websocket": Line}
    engine.create_queue = Unsent
    engine._service_task = lambda: look_after(engine)


async def look_after(engine: Any) -> None:
    """End who has not answered or taken anything in time, and forget who has ended: all in one go."""
    while True:
        await asyncio.sleep(engine.ping_timeout)
        for socket in list(engine.sockets.values()):
            if socket.closed:
                engine.sockets.pop(socket.sid, None)
            elif not socket.closing:
                await _end_if_gone(socket)


async def _end_if_gone(socket: Any) -> None:
    try:
        if socket.queue.qsize() > MOST_UNSENT:
            # It can say that it is there, and take nothing all the same.
            await socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)
        else:
            await socket.check_ping_timeout()
    except EngineIOError:
        # It has ended meanwhile.
        return
    except Exception:
        log.exception("a socket that did not answer could not be ended")


class Unsent(asyncio.Queue[Packet | None]):
    """What a tab has yet to be sent, and how many characters or bytes that is."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0

    def _put(self, item: Packet | None) -> None:
        self.length += _length(item)
        super()._put(item)

    def _get(self) -> Packet | None:
        item: Packet | None = super()._get()
        self.length -= _length(item)
        return item


def _length(packet: Packet | None) -> int:
    data = packet.data if packet is not None else None
    return len(data) if isinstance(data, str | bytes) else 0


class Line(WebSocket):
    """One websocket: a task that writes what is queued for it, and this one, which reads."""

    async def __call__(self, environ: Any) -> str:
        self.asgi_receive, self.asgi_send = environ["asgi.receive"], environ["asgi.send"]
        await self.asgi_send({"type": "websocket.accept"})
        # All that the library hands over of a socket is its own way to handle one.
        await self._carry(self.handler.__self__)
        return ""

    async def _carry(self, socket: Any) -> None:
        socket.connected = socket.upgraded = True
        writing = asyncio.create_task(self._write(socket.queue))
        try:
            await self._read(socket)
        finally:
            # Who has not gone is told so; who has may not even take that.
            writing.cancel()
            reason = socket.server.reason.TRANSPORT_CLOSE
            await socket.close(wait=False, abort=True, reason=reason)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self.close()

    async def _write(self, queue: Unsent) -> None:
        """Until the line no longer takes it."""
        with contextlib.suppress(Exception):
            while (packet := await queue.get()) is not None:
                queue.task_done()
                await self.send(packet.encode())

    async def _read(self, socket: Any) -> None:
        """Until the line ends, or has been silent for longer than any page is."""
        loop, longest = asyncio.get_running_loop(), _longest_silence(socket.server)
        with contextlib.suppress(OSError, TimeoutError, SocketIsClosedError, ValueError):
            async with asyncio.timeout(longest) as silence:
                while not socket.closed:
                    received = await self.wait()
                    if len(received) > socket.server.max_http_buffer_size:
                        return
                    # What it asks for may take as long as it takes.
                    silence.reschedule(None)
                    await _take(socket, _packet(received))
                    silence.reschedule(loop.time() + longest)


def _longest_silence(engine: Any) -> float:
    return float(engine.ping_interval + engine.ping_timeout)


def _packet(received: str | bytes) -> Packet:
    """Raises ValueError: it is none that a page sends, and ends the line."""
    try:
        packet = Packet(encoded_packet=received)
    except RecursionError as error:
        raise ValueError("brackets without end") from error
    if packet.packet_type not in KINDS:
        raise ValueError("of another kind")
    return packet


async def _has_taken(socket: Any) -> None:
    """Wait until it has taken most of what it was sent, or is given up."""
    while socket.queue.length > MOST_UNSENT_CHARACTERS and not socket.closed:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(LOOK_SECONDS)


async def _take(socket: Any, packet: Packet) -> None:
    if packet.packet_type == MESSAGE:
        await _has_taken(socket)
    try:
        await socket.receive(packet)
    except SocketIsClosedError:
        raise
    except Exception:
        log.exception("a packet could not be taken")
