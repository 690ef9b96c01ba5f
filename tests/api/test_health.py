"""Whether the process is ready: database, bus, and how old the screens are."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette

from escalation_app.api import health
from escalation_app.db.engine import Database
from escalation_app.services.desk import Desk
from tests.api.conftest import client_of


async def readiness(desk: Desk, age: float = 0.2) -> tuple[int, dict[str, object]]:
    app = Starlette(routes=health.ROUTES)
    app.state.desk = lambda: desk
    app.state.age_of_synchronisation = lambda: age
    app.state.stale_after = 5.0
    async with client_of(app) as http:
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
