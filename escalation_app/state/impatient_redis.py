"""A client of Redis that gives up soon, and what it raises when Redis is away."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

AWAY = (RedisError, OSError, TimeoutError)
# The framework's own client waits without an end for a Redis that is frozen.
PATIENCE_SECONDS = 1.0
STEPS = 4
# As many commands at once in each process.
CONNECTIONS = 20


@asynccontextmanager
async def patience() -> AsyncIterator[None]:
    """Waits in steps: while this process is too busy to see an answer, nobody is away.

    Raises:
        TimeoutError: The block did not end in time.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.Handle
    async with asyncio.timeout(None) as limit:

        def wait(steps: int) -> None:
            nonlocal timer
            if steps:
                timer = loop.call_later(PATIENCE_SECONDS / STEPS, wait, steps - 1)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_soon(wait, STEPS)
        try:
            yield
        finally:
            timer.cancel()


class ImpatientRedis(Redis):
    """Gives up a command soon. Subscriptions, which may be silent for long, are not concerned."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        # When all tabs come back at once, most of their time went into making connections.
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._silent_at = -math.inf

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        command: Any = super().execute_command
        asked_at = time.monotonic()
        # That others are before it is not Redis's fault; but who waited for one that was silent
        # meanwhile does not wait for it once more.
        async with self._turns:
            if asked_at < self._silent_at:
                raise TimeoutError("Redis was silent to others meanwhile.")
            try:
                async with patience():
                    return await command(*args, **options)
            except TimeoutError:
                self._silent_at = time.monotonic()
                raise


def impatient(client: Redis) -> ImpatientRedis:
    """A client of the same server that tries once more at once, and then gives up."""
    pool = client.connection_pool
    options = pool.connection_kwargs | {"retry": Retry(NoBackoff(), 1)}
    return ImpatientRedis(connection_pool=type(pool)(pool.connection_class, **options))
