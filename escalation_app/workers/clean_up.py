"""What nobody needs any more is removed now and then."""

import asyncio
import logging

from escalation_app.services import deliveries, sessions
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)

EVERY_SECONDS = 15 * 60.0


async def run(desk: Desk) -> None:
    """Until cancelled. Doing it twice, in two processes, does no harm."""
    while True:
        try:
            await clean_up_once(desk)
        except Exception:
            log.exception("cleaning up failed; trying again later")
        await asyncio.sleep(EVERY_SECONDS)


async def clean_up_once(desk: Desk) -> None:
    await sessions.forget_the_past(desk)
    await deliveries.forget_old(desk)
