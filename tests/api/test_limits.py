"""A program that runs wild is slowed down, by itself alone, in all processes together."""

import pytest

from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.services.desk import Desk
from tests.api.conftest import as_, client_of, mounted
from tests.servers.redis_server import RedisServer

LIST = "/api/v1/escalations"


async def test_who_asks_too_often_is_told_when_to_go_on(desk: Desk, keys: None) -> None:
    async with client_of(mounted(desk, per_minute=5)) as client:
        answers = [await client.get(LIST, headers=as_("maria")) for _ in range(6)]
        others = await client.get(LIST, headers=as_("omar"))
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 61
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert "5 requests in a minute" in answers[-1].json()["detail"]
    assert others.status_code == 200


async def test_a_refused_key_counts_for_nobody(desk: Desk, keys: None) -> None:
    async with client_of(mounted(desk, per_minute=1)) as client:
        for _ in range(3):
            answer = await client.get(LIST, headers={"Authorization": "Bearer nothing"})
            assert answer.status_code == 401
        assert (await client.get(LIST, headers=as_("maria"))).status_code == 200


async def test_processes_count_together_through_redis(redis_server: RedisServer) -> None:
    one, other = RateLimit(3, redis_server.url), RateLimit(3, redis_server.url)
    told = [(await limit.admit("key:together")).passes for limit in (one, other, one, other)]
    assert told == [True, True, True, False]
    assert (await other.admit("key:alone")).passes


async def test_a_lost_redis_stops_no_program(caplog: pytest.LogCaptureFixture) -> None:
    limit = RateLimit(1, "redis://127.0.0.1:1/0")
    assert [(await limit.admit("key:1")).passes for _ in range(2)] == [True, False]
    assert "counts its own" in caplog.text
