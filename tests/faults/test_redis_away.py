"""Redis is killed, frozen or emptied under a desk at work: the database is the truth all the while."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.clients.plain_tab import PlainTab, signed_in
from tests.faults.crowd import all_equal, crowd, watching
from tests.faults.shift import Shift
from tests.faults.truth import truth_of
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer

TABS = 30
AFTER_SECONDS = 3.0
Suffering = Callable[[RedisServer], Awaitable[None]]


def killed_for(seconds: float) -> Suffering:
    async def suffer(server: RedisServer) -> None:
        server.kill()
        try:
            await asyncio.sleep(seconds)
        finally:
            server.start()

    return suffer


async def frozen(server: RedisServer) -> None:
    server.freeze()
    try:
        await asyncio.sleep(9)
    finally:
        server.thaw()


async def flushed(server: RedisServer) -> None:
    server.flush()
    await asyncio.sleep(1)


@pytest.mark.parametrize(
    "suffer",
    [
        pytest.param(killed_for(1), id="killed for 1 s"),
        pytest.param(killed_for(30), id="killed for 30 s", marks=pytest.mark.long),
        pytest.param(frozen, id="frozen for 9 s"),
        pytest.param(flushed, id="flushed"),
    ],
)
async def test_people_work_on_and_every_tab_is_right_within_three_seconds_of_its_return(
    two_workers: Program, redis_server: RedisServer, suffer: Suffering
) -> None:
    over, address = asyncio.Event(), two_workers.address
    marias = await signed_in(address, "maria")
    async with Shift(address) as shift, truth_of(two_workers.database_url) as truth:
        await shift.a_case_comes()
        async with crowd(address, TABS, shift.path, "/queue/published") as tabs:
            async with watching(tabs, shift) as watch, asyncio.TaskGroup() as group:
                for tab in (*tabs[:2], None, None):
                    group.create_task(shift.goes_on_until(over, tab))
                await asyncio.sleep(1)
                group.create_task(comes_and_looks(address, marias, shift.path))
                await suffer(redis_server)
                over.set()
                # From its return on, while what was begun is still brought to its end.
                await all_equal(tabs, truth, AFTER_SECONDS)
            await all_equal(tabs, truth, AFTER_SECONDS)
            assert watch.looks
            assert watch.lies == []
            assert not any(tab.is_signed_out for tab in tabs)
    await is_ready_again(address)


async def comes_and_looks(address: str, cookie: str, path: str) -> None:
    """Somebody opens the list in the middle of it."""
    await asyncio.sleep(0.3)
    async with PlainTab(address, cookie, path) as tab:
        assert tab.rows


async def is_ready_again(address: str) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(15):
        while True:
            if (await client.get(f"{address}/readyz")).status_code == 200:
                break
            await asyncio.sleep(0.2)
