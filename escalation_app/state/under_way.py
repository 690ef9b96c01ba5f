"""How much of what a tab asked for may be under way. Its line is not read while there is more.

The framework puts whatever comes into a queue without an end, and goes on with it after the tab is gone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

# Far more than anybody's hands; a message may have a megabyte.
MOST_OF_A_TAB = 32


def few_at_a_time(
    enqueue: Callable[..., Awaitable[asyncio.Future[Any]]],
) -> Callable[..., Awaitable[asyncio.Future[Any]]]:
    """Take an event of a tab, by its token, when enough of those before have ended."""
    turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def take(token: str, event: Any, *rest: Any) -> asyncio.Future[Any]:
        turn = turns.setdefault(token, asyncio.Semaphore(MOST_OF_A_TAB))
        await turn.acquire()
        try:
            under_way = await enqueue(token, event, *rest)
        except BaseException:
            turn.release()
            raise
        under_way.add_done_callback(lambda _: turn.release())
        return under_way

    return take
