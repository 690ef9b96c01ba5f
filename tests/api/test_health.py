"""Whether the process is ready: database, bus, and how old the screens are."""

import asyncio
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from escalation_app.api import health
from escalation_app.db.engine import Database
from escalation_app.services.desk import Desk
from tests.api.conftest import client_of
from tests.services.test_round_trips import heard


def served(desk: Desk, age: float = 0.2) -> Starlette:
    app = Starlette(routes=health.health_routes())
    app.state.desk = lambda: desk
    app.state.age_of_synchronisation = lambda: age
    app.state.stale_after = 5.0
    return app


async def readiness(desk: Desk, age: float = 0.2) -> tuple[int, dict[str, object]]:
    async with client_of(served(desk, age)) as http:
        answer = await http.get("/readyz")
        return answer.status_code, answer.json()


async def test_all_is_well(desk: Desk) -> None:
    well = {"status": "ready", "database": "ok", "bus": "ok", "synchronised_s_ago": 0.2}
    assert await readiness(desk) == (200, well)


async def test_a_bus_that_is_not_heard_is_told(desk: Desk) -> None:
    status, told = await readiness(replace(desk, is_heard=lambda: False))
    assert (status, told["status"], told["database"]) == (503, "not ready", "ok")
    assert "Redis" in str(told["bus"])


async def test_old_screens_are_told(desk: Desk) -> None:
    assert (await readiness(desk, age=7.04)) == (
        503,
        {"status": "not ready", "database": "ok", "bus": "ok", "synchronised_s_ago": 7.0},
    )


@pytest.mark.parametrize("database_url", ["sqlite:////nowhere/desk.db"])
async def test_a_database_that_is_away_is_told(database_url: str) -> None:
    status, told = await readiness(Desk(Database(database_url)))
    assert (status, told["bus"]) == (503, "ok")
    assert "database" in str(told["database"])


async def test_a_hundred_tabs_that_ask_at_once_cost_the_database_one_look(desk: Desk) -> None:
    async with client_of(served(desk)) as http:
        with heard(desk) as statements:
            answers = await asyncio.gather(*(http.get("/readyz") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len([one for one in statements if "timeline" in one]) == 1


async def test_a_database_that_comes_back_is_told_soon(desk: Desk) -> None:
    away = [Desk(Database("sqlite:////nowhere/desk.db"))]
    app = served(desk)
    app.state.desk = lambda: away[-1] if away else desk
    async with client_of(app) as http:
        assert (await http.get("/readyz")).status_code == 503
        away.clear()
        await asyncio.sleep(health.LOOK_LASTS_SECONDS)
        assert (await http.get("/readyz")).status_code == 200
