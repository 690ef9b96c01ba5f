"""What is a tab's own outlives Redis: killed, frozen, and back again."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken

from escalation_app.domain.refusals import InvalidInput
from escalation_app.state import kept
from escalation_app.state.frame import FrameState
from escalation_app.state.impatient_redis import PATIENCE_SECONDS, impatient
from escalation_app.state.kept import OwnerState
from escalation_app.state.states_in_redis import AWAY_SECONDS, StatesInRedis
from escalation_app.state.workspace import WorkspaceState
from tests.servers.redis_server import RedisServer

# One second of patience for each of a few commands, on a busy machine.
SOON = 6.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    running = RedisServer(str(tmp_path))
    running.start()
    yield running
    running.kill()


def manager_on(server: RedisServer) -> StatesInRedis:
    return StatesInRedis(redis=impatient(Redis.from_url(server.url)))


@pytest.fixture
async def manager(server: RedisServer) -> AsyncIterator[StatesInRedis]:
    made = manager_on(server)
    yield made
    await made.close()


def token() -> BaseStateToken:
    return BaseStateToken(ident=str(uuid4()), cls=WorkspaceState)


async def looks_for(manager: StateManagerRedis, tab: Any, search: str) -> None:
    async with manager.modify_state(tab) as root:
        (await root.get_state(WorkspaceState)).search = search


async def looked_for(manager: StateManagerRedis, tab: Any) -> str:
    async with manager.modify_state(tab) as root:
        return str((await root.get_state(WorkspaceState)).search)


async def elsewhere(server: RedisServer, tab: Any) -> str:
    """What another process reads of it."""
    other = manager_on(server)
    try:
        return await looked_for(other, tab)
    finally:
        await other.close()


async def test_a_tab_goes_on_while_redis_is_dead_and_redis_has_it_again_afterwards(
    server: RedisServer, manager: StatesInRedis
) -> None:
    tab = token()
    await looks_for(manager, tab, "before")
    server.kill()
    async with asyncio.timeout(SOON):
        await looks_for(manager, tab, "meanwhile")
        assert await looked_for(manager, tab) == "meanwhile"
    await asyncio.to_thread(server.start)
    await asyncio.sleep(AWAY_SECONDS)
    assert await looked_for(manager, tab) == "meanwhile"
    assert await elsewhere(server, tab) == "meanwhile"


async def test_a_frozen_redis_holds_nobody_up_and_its_return_finds_no_lock_that_nobody_holds(
    server: RedisServer, manager: StatesInRedis
) -> None:
    tab = token()
    await looks_for(manager, tab, "before")
    server.freeze()
    async with asyncio.timeout(SOON):
        await looks_for(manager, tab, "meanwhile")
    server.thaw()
    await asyncio.sleep(AWAY_SECONDS)
    async with asyncio.timeout(SOON):
        assert await looked_for(manager, tab) == "meanwhile"
    assert await elsewhere(server, tab) == "meanwhile"


async def test_redis_dying_under_a_handler_is_not_the_handler_s_failure(
    server: RedisServer, manager: StatesInRedis
) -> None:
    async with manager.modify_state(token()) as root:
        (await root.get_state(WorkspaceState)).search = "claimed"
        server.kill()


async def test_a_refusal_stays_a_refusal_when_redis_dies_under_it(
    server: RedisServer, manager: StatesInRedis
) -> None:
    async def refuse() -> None:
        async with manager.modify_state(token()):
            server.kill()
            raise InvalidInput("seq", "That is no number.")

    with pytest.raises(InvalidInput):
        await refuse()


async def test_what_redis_still_has_of_a_former_session_is_not_given_to_who_came_meanwhile(
    server: RedisServer, manager: StatesInRedis
) -> None:
    tab = token()
    await looks_for(manager, tab, "linas")
    server.freeze()
    async with manager.modify_state(tab) as root:
        (await root.get_state(OwnerState))._session = "somebody else's"
    server.thaw()
    await asyncio.sleep(AWAY_SECONDS)
    assert await looked_for(manager, tab) == ""
    assert await elsewhere(server, tab) == ""


async def test_who_waits_for_a_tab_is_let_in_when_redis_is_emptied_under_who_came_first(
    server: RedisServer, manager: StatesInRedis
) -> None:
    tab = token()
    async with manager.modify_state(tab) as root:
        second = asyncio.create_task(looks_for(manager, tab, "second"))
        await asyncio.sleep(0.2)
        (await root.get_state(WorkspaceState)).search = "first"
        server.flush()
    async with asyncio.timeout(SOON):
        await second
    assert await looked_for(manager, tab) == "second"


async def test_a_process_that_is_busy_for_long_does_not_take_redis_for_away(
    server: RedisServer, manager: StatesInRedis
) -> None:
    async def is_busy() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            time.sleep(1.5 * PATIENCE_SECONDS)  # noqa: ASYNC251 - that nothing else runs is the point

    tab = token()
    await looks_for(manager, tab, "before")
    async with asyncio.TaskGroup() as group:
        group.create_task(looks_for(manager, tab, "after"))
        group.create_task(is_busy())
    assert await elsewhere(server, tab) == "after"


async def test_what_is_kept_is_what_the_framework_itself_would_keep_and_read(
    server: RedisServer, manager: StatesInRedis
) -> None:
    """The two trips are the framework's four: a new version of it must not pass unseen."""
    plain = StateManagerRedis(redis=Redis.from_url(server.url))
    ours, theirs = token(), token()
    await looks_for(manager, ours, "kept by us")
    await looks_for(plain, theirs, "kept by the framework")
    assert await looked_for(plain, ours) == "kept by us"
    assert await looked_for(manager, theirs) == "kept by the framework"
    async with manager.modify_state(ours) as root, plain.modify_state(theirs) as other:
        # What stands around a page comes along with it.
        assert _names(root) == _names(other) | {FrameState.get_full_name()}
    assert await locks(manager) == []
    await plain.close()


async def test_who_works_with_a_tab_and_the_framework_wait_for_each_other(
    server: RedisServer, manager: StatesInRedis
) -> None:
    plain, tab = StateManagerRedis(redis=Redis.from_url(server.url)), token()

    async def one_more(of: StateManagerRedis) -> None:
        async with of.modify_state(tab) as root:
            state = await root.get_state(WorkspaceState)
            found = state.search
            await asyncio.sleep(0.01)
            state.search = f"{found}+"

    await asyncio.gather(*(one_more(of) for of in [manager, plain] * 5))
    assert await looked_for(plain, tab) == "+" * 10
    await plain.close()


async def test_who_comes_too_late_to_write_overwrites_nothing(
    server: RedisServer, manager: StatesInRedis
) -> None:
    tab = token()
    async with manager.modify_state(tab) as root:
        await manager.redis.delete(manager._lock_key(tab))
        other = manager_on(server)
        await looks_for(other, tab, "meanwhile")
        (await root.get_state(WorkspaceState)).search = "too late"
    assert await looked_for(other, tab) == "meanwhile"
    await other.close()


async def test_whose_a_tab_is_is_read_while_somebody_works_with_it(
    server: RedisServer, manager: StatesInRedis
) -> None:
    tab = str(uuid4())
    await kept.keep_for(manager, tab, "marias")
    async with (
        asyncio.timeout(SOON),
        manager.modify_state(BaseStateToken(ident=tab, cls=OwnerState)),
    ):
        assert await kept.owner_of(manager, tab) == "marias"
    server.kill()
    async with asyncio.timeout(SOON):
        assert await kept.owner_of(manager, tab) == ""
        await kept.keep_for(manager, tab, "omars")
        assert await kept.owner_of(manager, tab) == "omars"


def _names(state: Any) -> set[str]:
    inner = (_names(one) for one in state.substates.values())
    return {state.get_full_name()}.union(*inner)


async def locks(manager: StatesInRedis) -> list[bytes]:
    return list(await manager.redis.keys("*_lock"))


async def test_who_is_cancelled_on_the_way_to_a_tab_leaves_no_lock(
    server: RedisServer, manager: StatesInRedis
) -> None:
    onlooker = manager_on(server)
    await looks_for(manager, token(), "any")
    for steps in range(60):
        going = asyncio.create_task(looks_for(manager, token(), "any"))
        for _ in range(steps):
            await asyncio.sleep(0)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        assert await locks(onlooker) == [], f"cancelled after {steps} steps"
    await onlooker.close()


async def test_a_process_that_ends_leaves_no_lock_of_what_is_still_under_way(
    server: RedisServer,
) -> None:
    ending, other, tab = manager_on(server), manager_on(server), token()
    await looks_for(ending, tab, "before")

    async def is_busy() -> None:
        async with ending.modify_state(tab):
            await asyncio.sleep(60)

    under_way = [asyncio.create_task(is_busy()) for _ in range(3)]
    await asyncio.sleep(0.1)
    assert len(await locks(other)) == 1
    await ending.close()
    assert await locks(other) == []
    # What begins only now has nothing to do with the others any more.
    await looks_for(ending, tab, "too late")
    assert await looked_for(other, tab) == "before"
    await asyncio.gather(*under_way, return_exceptions=True)
    await other.close()
