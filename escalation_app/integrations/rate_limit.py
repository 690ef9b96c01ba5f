"""How often somebody may ask: a moving window, shared by all processes where there is Redis."""

import logging
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

# A window's length, and a little for clocks that differ.
LONGEST_WAIT = 90

log = logging.getLogger(__name__)

# So long after Redis did not answer nobody waits for it.
ALONE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more may pass, and if not, in how many seconds."""

    passes: bool
    retry_after: int = 0


class RateLimit:
    """Without its Redis each process counts for itself: a limit must not become an outage."""

    def __init__(self, per_minute: int, redis_url: str | None = None) -> None:
        self.per_minute = per_minute
        self._window = RateLimitItemPerMinute(per_minute)
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(_redis(redis_url)) if redis_url else None
        self._shared_again_at = float("-inf")

    async def admit(self, who: str) -> Verdict:
        """Count one more request of somebody's."""
        if self._shared is not None and time.monotonic() >= self._shared_again_at:
            try:
                return await self._ask(self._shared, who)
            except StorageError:
                log.warning("Redis does not count requests; this process counts its own")
                self._shared_again_at = time.monotonic() + ALONE_SECONDS
        return await self._ask(self._alone, who)

    async def _ask(self, limiter: MovingWindowRateLimiter, who: str) -> Verdict:
        if await limiter.hit(self._window, who):
            return Verdict(True)
        wait = await self._wait(limiter, who)
        if wait > LONGEST_WAIT:
            # It was counted by a clock that has been set back.
            await limiter.clear(self._window, who)
            return Verdict(await limiter.hit(self._window, who), LONGEST_WAIT)
        return Verdict(False, wait)

    async def _wait(self, limiter: MovingWindowRateLimiter, who: str) -> int:
        stats = await limiter.get_window_stats(self._window, who)
        return max(1, round(stats.reset_time - time.time() + 0.5))


def _redis(url: str) -> Storage:
    return RedisStorage(
        f"async+{url}",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="desk-rate",
        socket_timeout=1,
        socket_connect_timeout=1,
    )
