"""Each caller asks so often and no more."""

from escalation_app.api.identity import Caller
from escalation_app.api.refusals import TooManyRequests
from escalation_app.integrations.rate_limit import RateLimit


async def admit(limit: RateLimit, caller: Caller) -> None:
    """Raises TooManyRequests, with when to try again."""
    verdict = await limit.admit(caller.counted_as)
    if not verdict.passes:
        raise TooManyRequests(limit.per_minute, verdict.retry_after)
