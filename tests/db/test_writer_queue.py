"""Writers come in turn on SQLite, and nobody waits for ever behind a lock that is somebody else's."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from escalation_app.db.writer_queue import WriterQueue
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.services.desk import Desk

PATIENCE = 5.0
LONG = 6.0


@dataclass
class Writing:
    """What people write one after the other, on a clock that is turned by hand."""

    now: float = 0.0
    wrote: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = WriterQueue(PATIENCE, lambda: self.now)

    async def write(self, who: str, *, seconds: float = 0, is_locked: bool = False) -> None:
        try:
            async with self.queue.turn():
                # The others come meanwhile.
                await asyncio.sleep(0)
                self.now += seconds
                if is_locked:
                    raise DeskUnavailable
                self.wrote.append(who)
        except DeskUnavailable:
            self.told.append(who)


async def test_whoever_waited_long_behind_a_lock_is_told_and_the_next_tries_anew() -> None:
    desk = Writing()
    await asyncio.gather(
        desk.write("maria", seconds=LONG, is_locked=True), desk.write("omar"), desk.write("lina")
    )
    await desk.write("nils")
    assert (desk.told, desk.wrote) == (["maria", "omar", "lina"], ["nils"])


async def test_whoever_came_a_moment_before_another_gave_up_still_tries() -> None:
    desk = Writing()
    await asyncio.gather(desk.write("maria", seconds=1, is_locked=True), desk.write("omar"))
    assert (desk.told, desk.wrote) == (["maria"], ["omar"])


async def test_whoever_waits_long_while_others_write_gets_a_turn() -> None:
    desk = Writing()
    await asyncio.gather(*(desk.write(who, seconds=LONG) for who in ("maria", "omar", "lina")))
    assert (desk.told, desk.wrote) == ([], ["maria", "omar", "lina"])


async def test_whoever_goes_away_while_waiting_holds_nobody_up() -> None:
    desk = Writing()
    async with desk.queue.turn():
        omar = asyncio.create_task(desk.write("omar"))
        await asyncio.sleep(0)
        omar.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await omar
    await desk.write("lina")
    assert desk.wrote == ["lina"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_64_write_to_sqlite_in_the_order_in_which_they_came(desk: Desk) -> None:
    wrote: list[int] = []

    async def write(number: int) -> None:
        async with desk.database.transaction() as session:
            await session.execute(text("SELECT 1"))
            # So long that those who only looked now and then whether it is free came at random.
            await asyncio.sleep(0.005)
            wrote.append(number)

    await asyncio.gather(*(write(number) for number in range(64)))
    assert wrote == list(range(64))
