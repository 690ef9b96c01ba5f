"""Writers of one process in a row: SQLite has one at a time, and serves whoever asks in no order."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from escalation_app.domain.refusals import DeskUnavailable


class WriterQueue:
    """First come, first served. Dozens who ask SQLite again and again would starve some of them.

    As long as it goes on, everybody waits; behind one who found the database locked, only for so
    long as that one did.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._turn = asyncio.Lock()
        self._failures = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises DeskUnavailable: the database was locked all the while."""
        since, failures = self._clock(), self._failures
        async with self._turn:
            if self._failures > failures and self._clock() - since >= self._patience:
                raise DeskUnavailable
            try:
                yield
            except DeskUnavailable:
                self._failures += 1
                raise
