"""Many tabs of a few people, and somebody who looks at all of them all the time."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.clients.plain_tab import PlainTab, signed_in
from tests.faults.shift import RANKS, Shift
from tests.faults.truth import Truth

PEOPLE = ("maria", "admin")
LOOK_SECONDS = 0.25
# A hundred at once on a busy machine.
OPEN_SECONDS = 120.0
# A list may be so old while its tab says Connected.
OLDEST_SECONDS = 10.0
# A page has 50 rows, the newest first; some may be there before they are known here.
SURELY_SHOWN = 40


@asynccontextmanager
async def crowd(address: str, size: int, *paths: str) -> AsyncIterator[list[PlainTab]]:
    """So many open tabs, on these addresses by turns."""
    cookies = [await signed_in(address, name) for name in PEOPLE]
    tabs = [
        PlainTab(address, cookies[number % len(cookies)], paths[number % len(paths)])
        for number in range(size)
    ]
    try:
        await asyncio.gather(*(tab.open(OPEN_SECONDS) for tab in tabs))
        yield tabs
    finally:
        await asyncio.gather(*(tab.close() for tab in tabs))


class Watch:
    """Notes each tab that says Connected while its list lacks what was done long ago."""

    def __init__(self, tabs: Sequence[PlainTab], shift: Shift) -> None:
        self._tabs = [tab for tab in tabs if tab.path == shift.path]
        self._shift = shift
        self.lies: list[str] = []
        self.looks = 0

    async def keep_looking(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        self.looks += 1
        before = time.monotonic() - OLDEST_SECONDS
        due = {done.case_id: done.status for done in self._shift.done if done.at < before}
        # Older ones may have left the page.
        newest = sorted({done.case_id for done in self._shift.done})[-SURELY_SHOWN:]
        for tab in self._tabs:
            if tab.indicator == "Connected":
                shown = {row["id"]: RANKS[row["status"]] for row in tab.rows}
                self.lies += [
                    f"case {case_id} is not yet {status}"
                    for case_id, status in due.items()
                    if case_id in newest and shown.get(case_id, -1) < RANKS[status]
                ]


@asynccontextmanager
async def watching(tabs: Sequence[PlainTab], shift: Shift) -> AsyncIterator[Watch]:
    watch = Watch(tabs, shift)
    looking = asyncio.create_task(watch.keep_looking())
    try:
        yield watch
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def all_equal(tabs: list[PlainTab], truth: Truth, within: float) -> float:
    """Wait until each tab is Connected and shows what the database says; return how long it took.

    Raises:
        AssertionError: Some don't within so many seconds.
    """
    began = time.monotonic()
    while behind := await truth.differs_from(tabs):
        waited = time.monotonic() - began
        indicators = sorted({tab.indicator for tab in behind})
        assert waited < within, f"{len(behind)} of {len(tabs)} tabs are behind: {indicators}"
        await asyncio.sleep(0.05)
    return time.monotonic() - began
