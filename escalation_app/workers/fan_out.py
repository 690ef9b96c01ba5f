"""One loop per process that keeps its tabs equal to the database."""

import asyncio
import contextlib
import logging
import time

from escalation_app import measures
from escalation_app.state.live import Live

log = logging.getLogger(__name__)

# Quiet: act at once. Busy: gather what comes within this window into one step.
GATHER_SECONDS = 0.05
# A lost notice heals within this time, however it was lost.
LOOK_SECONDS = 1.0
EVERYTHING_SECONDS = 5.0
BEAT_SECONDS = 2.0
# A database that swallows everything must not hold the loop for ever.
STEP_SECONDS = 20.0


async def run(live: Live, wake: asyncio.Event) -> None:
    """Until cancelled. An error is logged and the loop goes on; the tabs hear no heartbeat meanwhile."""
    pace = Pace()
    while True:
        with contextlib.suppress(TimeoutError):
            # Until Python 3.12, `wait_for` forgets that it was cancelled if what it waits for comes.
            async with asyncio.timeout(LOOK_SECONDS):
                await wake.wait()
        wake.clear()
        try:
            async with asyncio.timeout(STEP_SECONDS):
                await step_once(live, pace)
        except Exception:
            measures.synchronisations_failed.inc()
            if pace.is_due("withheld beat", BEAT_SECONDS):
                measures.heartbeats_withheld.inc()
            log.exception("synchronisation failed; trying again")
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(GATHER_SECONDS)


class Pace:
    """When the slower duties were last done, in monotonic seconds."""

    def __init__(self) -> None:
        self._done: dict[str, float] = {}

    def is_due(self, duty: str, every: float) -> bool:
        now = time.monotonic()
        if now - self._done.get(duty, float("-inf")) < every:
            return False
        self._done[duty] = now
        return True

    def owe(self, duty: str) -> None:
        """It is due again at once."""
        self._done.pop(duty, None)


async def step_once(live: Live, pace: Pace) -> None:
    """One synchronisation, and whatever else is due. A heartbeat that failed stays due."""
    beat = pace.is_due("beat", BEAT_SECONDS)
    try:
        await live.synchronise(everything=pace.is_due("everything", EVERYTHING_SECONDS), beat=beat)
    except BaseException:
        if beat:
            pace.owe("beat")
        raise
