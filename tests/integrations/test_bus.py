"""One interface, the same tests on both."""

import asyncio

import pytest

from escalation_app.integrations import bus as bus_module
from escalation_app.integrations.bus import LOOK_AGAIN, Bus, make_bus
from tests.servers.redis_server import RedisServer


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest):
    url = request.getfixturevalue("redis_server").url if request.param == "redis" else None
    made = make_bus(url)
    yield made
    await made.close()


async def test_a_listener_looks_first_and_then_hears_every_notice(bus: Bus) -> None:
    notices = bus.notices()
    assert await asyncio.wait_for(anext(notices), 5) == LOOK_AGAIN
    hears = asyncio.create_task(anext(notices))
    await asyncio.sleep(0.1)
    await bus.announce(7)
    assert await asyncio.wait_for(hears, 5) == 7
    await notices.aclose()  # type: ignore[attr-defined]


async def test_a_bus_that_is_listened_to_hears_itself(bus: Bus) -> None:
    notices = bus.notices()
    await anext(notices)
    hears = asyncio.create_task(anext(notices))
    await _becomes(bus, is_heard=True)
    hears.cancel()


async def test_a_bus_without_its_redis_is_not_heard(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "SILENCE_SECONDS", 0.5)
    server = RedisServer(str(tmp_path))
    server.start()
    bus = make_bus(server.url)
    assert not bus.is_heard
    listens = asyncio.create_task(_listen(bus))
    await _becomes(bus, is_heard=True)
    server.kill()
    await _becomes(bus, is_heard=False)
    listens.cancel()
    await bus.close()


async def _becomes(bus: Bus, *, is_heard: bool) -> None:
    for _ in range(100):
        if bus.is_heard is is_heard:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"is_heard did not become {is_heard}")


async def _listen(bus: Bus) -> None:
    async for _ in bus.notices():
        pass


async def test_a_change_does_not_fail_while_redis_is_away(tmp_path) -> None:
    server = RedisServer(str(tmp_path))
    server.start()
    bus = make_bus(server.url)
    server.kill()
    await bus.announce(1)
    await bus.close()


async def test_after_redis_returns_everybody_looks_again(tmp_path) -> None:
    server = RedisServer(str(tmp_path))
    server.start()
    bus = make_bus(server.url)
    notices = bus.notices()
    assert await asyncio.wait_for(anext(notices), 5) == LOOK_AGAIN
    looks_again = asyncio.create_task(anext(notices))
    await asyncio.sleep(0.2)
    server.kill()
    await asyncio.sleep(0.5)
    server.start()
    assert await asyncio.wait_for(looks_again, 15) == LOOK_AGAIN
    await notices.aclose()  # type: ignore[attr-defined]
    await bus.close()
    server.kill()
