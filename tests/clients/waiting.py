"""To wait until something holds, and no longer than a test may."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], object], within: float = 10) -> None:
    """Raises TimeoutError: It did not hold within so many seconds."""
    async with asyncio.timeout(within):
        while True:
            if holds():
                return
            await asyncio.sleep(0.02)
