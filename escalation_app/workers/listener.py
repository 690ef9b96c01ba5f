"""The process's one subscriber to the bus, which wakes whoever has something to look at."""

import asyncio
import logging
from collections.abc import Sequence

from escalation_app.integrations.bus import Bus

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0


async def run(bus: Bus, wakes: Sequence[asyncio.Event]) -> None:
    """Until cancelled. Without it the others would still look once a second, but late."""
    while True:
        try:
            async for _ in bus.notices():
                for wake in wakes:
                    wake.set()
        except Exception:
            log.exception("the bus can't be heard; listening again")
        await asyncio.sleep(AGAIN_SECONDS)
