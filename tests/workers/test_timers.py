import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

from escalation_app.db import timeline
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from escalation_app.workers import timers
from tests.cast import Cast, a_case, id_of


async def kinds(desk: Desk, case_id: int) -> list[str]:
    async with desk.database.reading() as session:
        return [entry.kind.value for entry in await timeline.of_case(session, case_id)]


async def test_time_alone_makes_a_case_overdue_and_an_error_does_not_end_the_loop(
    desk: Desk, cast: Cast
) -> None:
    case = await a_case(desk, cast)
    told = asyncio.Event()
    asked = 0

    def clock() -> datetime:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("no clock")
        return case.due_at + timedelta(seconds=asked)

    async def announce(_seq: int) -> None:
        told.set()

    loop = asyncio.create_task(timers.run(replace(desk, clock=clock, announce=announce), 0.01))
    async with asyncio.timeout(30):
        await told.wait()
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop
    assert await kinds(desk, id_of(case)) == ["escalated", "overdue"]


async def test_a_loop_that_is_cancelled_anywhere_leaves_nothing_half_done_or_locked(
    desk: Desk, cast: Cast
) -> None:
    case = await a_case(desk, cast)
    late = replace(desk, clock=lambda: case.due_at)
    for steps in range(40):
        loop = asyncio.create_task(timers.run(late, 0.0))
        for _ in range(steps):
            await asyncio.sleep(0)
        loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loop
    await timers.tell_once(late)
    await escalations.claim(desk, cast.maria, id_of(case))
    assert await kinds(desk, id_of(case)) == ["escalated", "overdue", "claimed"]
