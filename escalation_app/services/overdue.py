"""That cases are past their response target: nobody does it, so the desk tells it."""

import asyncio

from escalation_app.db import escalations
from escalation_app.db.case_changes import Found
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.services.desk import Desk
from escalation_app.services.verbs import by_the_desk

# What is told at once, by one look of every tab. A long list leaves room for what people do.
AT_ONCE = 5
PAUSE_SECONDS = 0.04


async def tell_overdue(desk: Desk) -> int:
    """Tell of every open case past its target, once per status; return how many facts there are.

    Several processes may do it at once: where another hand is faster, what it left is read anew.
    """
    told = 0
    while numbers := await _newly_overdue(desk):
        told += await _tell_of(desk, numbers)
        await asyncio.sleep(PAUSE_SECONDS)
    return told


async def _newly_overdue(desk: Desk) -> list[int]:
    async with desk.database.reading() as session:
        return await escalations.newly_overdue(session, desk.clock(), AT_ONCE)


async def _tell_of(desk: Desk, numbers: list[int]) -> int:
    facts: list[TimelineEntry] = []
    try:
        for number in numbers:
            if fact := await _fact_of(desk, number):
                facts.append(fact)
    finally:
        # Also when the database goes away in between: what was written is true.
        if facts:
            await desk.tell(facts)
    return len(facts)


async def _fact_of(desk: Desk, number: int) -> TimelineEntry | None:
    def pass_its_target(found: Found) -> TimelineEntry | None:
        return found.case.overdue(desk.clock())

    return await by_the_desk(desk, number, pass_its_target)
