"""A socket that a test writes and reads by hand, frame by frame, from its own thread."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

import anyio.from_thread
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class HandSocket:
    """A loop of its own does all reading and writing, so that no two threads ever share a line.

    `headers` are sent as they stand.

    Raises:
        websockets.InvalidStatus: The server refuses the socket.
        websockets.ConnectionClosed: The server has ended it; so says each of the methods.
    """

    def __init__(self, url: str, headers: dict[str, str], **options: object) -> None:
        with ExitStack() as stack:
            self._portal = stack.enter_context(anyio.from_thread.start_blocking_portal())
            self._line = self._portal.call(self._opened, url, headers, options)
            stack.callback(self._portal.call, self._line.close)
            self._closing = stack.pop_all()

    @staticmethod
    async def _opened(
        url: str, headers: dict[str, str], options: dict[str, object]
    ) -> ClientConnection:
        return await connect(
            url,
            additional_headers=headers,
            ping_interval=None,
            close_timeout=2,
            max_size=None,
            **options,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def send(self, frame: str) -> None:
        self._portal.call(self._line.send, frame)

    def receive(self, seconds: float) -> str | None:
        """The next frame, or None if none comes within so many seconds."""
        return self._portal.call(self._received, seconds)

    async def _received(self, seconds: float) -> str | None:
        with anyio.move_on_after(seconds):
            return str(await self._line.recv())
        return None

    def hears(self, start: str, seconds: float = 15.0) -> bool:
        """Whether a frame that begins so comes in time; meanwhile it answers that it is there."""
        return self._portal.call(self._heard, lambda frame: frame.startswith(start), seconds)

    async def _heard(self, is_it: Callable[[str], bool], seconds: float) -> bool:
        with anyio.move_on_after(seconds):
            while not is_it(frame := str(await self._line.recv())):
                if frame == "2":
                    await self._line.send("3")
            return True
        return False

    def hears_of(self, word: str, seconds: float) -> bool:
        """Whether a frame with this word comes in time; meanwhile it answers that it is there."""
        return self._portal.call(self._heard, lambda frame: word in frame, seconds)

    def everything(self, quiet_seconds: float = 1.5) -> str:
        """All that comes until nothing has come for so long; its last line is "closed" if it was ended."""
        frames = []
        try:
            while (frame := self.receive(quiet_seconds)) is not None:
                frames.append(frame)
        except ConnectionClosed:
            frames.append("closed")
        return "\n".join(frames)

    def close(self) -> None:
        """It may have been closed before."""
        self._closing.close()
