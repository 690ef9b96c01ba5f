"""When a delivery is tried again: the schedule that Standard Webhooks 1.0.0 recommends."""

from datetime import timedelta

# Before the first attempt, the second, and so on; after the tenth nobody tries any more.
SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
SPREAD = 0.2
# A receiver that asks for patience without saying how much.
PATIENCE = timedelta(minutes=1)
# An endpoint that has only failed for so long is switched off.
GIVE_UP_AFTER = timedelta(days=5)
# Two unlucky moments far apart are no such endpoint.
FAILURES_THAT_COUNT = 5


def wait_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many attempts, at least 1; None when that was the last.

    `chance` lies in 0 to 1 and spreads the wait by 20 % to either side.
    """
    if attempts >= len(SCHEDULE):
        return None
    return SCHEDULE[attempts] * (1 - SPREAD + 2 * SPREAD * chance)
