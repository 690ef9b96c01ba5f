"""How much of what came over a tab's line may be under way. It is not read while there is more.

The framework puts whatever comes into a queue without an end, and goes on with it after the tab is gone.
What a handler asks for in its turn is counted and never waits: it would wait for what waits for it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from reflex_base.event.processor import EventFuture

# Far more than anybody's hands; a message may have a megabyte.
MOST_OF_A_LINE = 32


class UnderWay:
    """What came over one line, with what it asked for, and has not ended."""

    def __init__(self) -> None:
        self._count = 0
        self._is_open = True
        self._changed = asyncio.Event()

    async def has_room(self) -> bool:
        """Wait for it. False if the line has ended, whose last words nobody waits for."""
        while self._is_open and self._count >= MOST_OF_A_LINE:
            self._changed.clear()
            await self._changed.wait()
        return self._is_open

    def close(self) -> None:
        """The line has ended."""
        self._is_open = False
        self._changed.set()

    def add(self, event: EventFuture) -> None:
        self._count += 1
        event.add_done_callback(self._end)

    def _end(self, event: EventFuture) -> None:
        self._count -= 1
        for asked_for in event.children:
            self.add(asked_for)
        self._changed.set()


class AppBehindTheDoor:
    """The app as its socket sees it: what the socket enqueues belongs to the line that it came over.

    What handlers enqueue goes past it, to the framework's own processor.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    @property
    def event_processor(self) -> "AppBehindTheDoor":
        return self

    async def enqueue(self, token: str, event: Any) -> EventFuture:
        line = _line.get()
        future: EventFuture = await self._app.event_processor.enqueue(token, event)
        line.add(future)
        return future


_line: ContextVar[UnderWay] = ContextVar("line")


@contextmanager
def coming_over(line: UnderWay) -> Iterator[None]:
    """What the socket enqueues inside came over this line."""
    before = _line.set(line)
    try:
        yield
    finally:
        _line.reset(before)
