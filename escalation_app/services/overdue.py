"""That cases are past their response target: nobody does it, so the desk tells it."""

import asyncio

from sqlalchemy.orm.exc import StaleDataError

from escalation_app.db import escalations
from escalation_app.services.desk import Desk

# Whoever claims a case meanwhile waits for no more than a few of these.
AT_ONCE = 5
PAUSE_SECONDS = 0.04


async def tell_overdue(desk: Desk) -> int:
    """Tell of every open case past its target, once per status; return how many facts there are.

    Several processes may do it at once: what one of them holds, the others leave to it.
    """
    told = 0
    while True:
        try:
            some = await _tell_some(desk)
        except StaleDataError:
            # A claim was faster. What it left is read anew.
            continue
        if not some:
            return told
        told += some
        await asyncio.sleep(PAUSE_SECONDS)


async def _tell_some(desk: Desk) -> int:
    async with desk.changing() as change:
        now = desk.clock()
        for escalation in await escalations.newly_overdue(change.session, now, AT_ONCE):
            await change.record(escalation.overdue(now))
    return len(change.facts)
