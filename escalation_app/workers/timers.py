"""What becomes true by time alone is told soon after."""

import asyncio
import logging

from escalation_app.services import overdue
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0


async def run(desk: Desk, every: float = EVERY_SECONDS) -> None:
    """Until cancelled. It sleeps by a clock that never jumps, whatever the wall clock does."""
    while True:
        try:
            await tell_once(desk)
        except Exception:
            log.exception("overdue cases were not told; trying again")
        await asyncio.sleep(every)


async def tell_once(desk: Desk) -> None:
    await overdue.tell_overdue(desk)
