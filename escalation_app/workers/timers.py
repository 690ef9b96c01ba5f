"""What becomes true by time alone is told soon after, and what a wrong clock left is put right."""

import asyncio
import logging

from escalation_app.services import deliveries, overdue
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0


async def run(desk: Desk, every: float = EVERY_SECONDS) -> None:
    """Until cancelled. It sleeps by a clock that never jumps, whatever the wall clock does."""
    while True:
        for duty in (tell_once, set_right_once):
            try:
                await duty(desk)
            except Exception:
                log.exception("%s failed; trying again", duty.__name__)
        await asyncio.sleep(every)


async def tell_once(desk: Desk) -> None:
    await overdue.tell_overdue(desk)


async def set_right_once(desk: Desk) -> None:
    count = await deliveries.set_right(desk)
    if count:
        log.warning("the clock was set back: %s deliveries that it held up are due now", count)
