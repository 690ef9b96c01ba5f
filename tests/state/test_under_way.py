"""A tab has only so much under way, and holds up nobody else."""

import asyncio
from collections import defaultdict
from typing import Any

import pytest
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor

from escalation_app.state.under_way import MOST_OF_A_TAB, few_at_a_time

FLOOD = 3 * MOST_OF_A_TAB


class Queue:
    """Where events wait, by tab, until somebody ends them."""

    def __init__(self) -> None:
        self.under_way: dict[str, list[asyncio.Future[None]]] = defaultdict(list)
        self.take = few_at_a_time(self._enqueue)

    async def _enqueue(self, token: str, event: Any) -> asyncio.Future[None]:
        if event == "broken":
            raise ValueError(event)
        future = asyncio.get_running_loop().create_future()
        self.under_way[token].append(future)
        return future

    async def floods(self, token: str) -> None:
        for number in range(FLOOD):
            await self.take(token, number)


async def settled() -> None:
    for _ in range(10 * FLOOD):
        await asyncio.sleep(0)


async def test_whoever_floods_the_desk_is_taken_little_by_little_and_holds_up_nobody() -> None:
    queue = Queue()
    flood = asyncio.create_task(queue.floods("hostile"))
    await settled()
    assert len(queue.under_way["hostile"]) == MOST_OF_A_TAB
    await asyncio.wait_for(queue.take("maria", 1), 1)
    queue.under_way["hostile"][0].set_result(None)
    queue.under_way["hostile"][1].cancel()
    await settled()
    assert len(queue.under_way["hostile"]) == MOST_OF_A_TAB + 2
    while not flood.done():
        for one in queue.under_way["hostile"]:
            if not one.done():
                one.set_result(None)
        await settled()
    assert len(queue.under_way["hostile"]) == FLOOD


async def test_what_is_not_taken_takes_nobodys_turn() -> None:
    queue = Queue()
    for _ in range(FLOOD):
        with pytest.raises(ValueError, match="broken"):
            await queue.take("maria", "broken")
    await asyncio.wait_for(queue.take("maria", 1), 1)


async def test_the_framework_says_when_an_event_has_ended() -> None:
    processor = BaseStateEventProcessor().configure()
    async with processor:
        ended = await few_at_a_time(processor.enqueue)("tab", Event("no.such_handler"))
        assert isinstance(ended, asyncio.Future)
        ended.cancel()
