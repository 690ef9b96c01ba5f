"""Every refusal has its status, and every answer that is a no has the same shape."""

from collections.abc import Iterator

import httpx
import pytest

from escalation_app.api import problems
from escalation_app.api.refusals import InvalidFields
from escalation_app.db.engine import Database
from escalation_app.domain import configuration_refusals  # noqa: F401 - its refusals
from escalation_app.domain.refusals import Refusal
from escalation_app.services.desk import Desk
from tests.api.conftest import a_body, as_, client_of, mounted


def every_kind(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        if kind.__module__.startswith("escalation_app."):
            yield kind
            yield from every_kind(kind)


@pytest.mark.parametrize("kind", list(every_kind()))
def test_every_refusal_has_a_status(kind: type[Refusal]) -> None:
    assert kind in problems.STATUS


def test_a_field_of_any_name_can_be_told() -> None:
    refusal = InvalidFields([("x" * 10, "This is not known.")] * 10_000)
    answer = problems.answer(refusal)
    assert answer.status_code == 422
    assert len(answer.body) < 10_000


async def test_an_unknown_field_of_half_a_character_is_told(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/api/v1/escalations",
        content=b'{"\\ud800": 1, "queue": "published"}',
        headers=as_("agent", **{"Content-Type": "application/json"}),
    )
    assert answer.status_code == 422
    assert "half a character" in answer.json()["detail"]


async def test_a_desk_without_its_database_says_so(desk: Desk, keys: None) -> None:
    away = Desk(Database("postgresql://nobody@127.0.0.1:1/nothing"))
    async with client_of(mounted(away)) as client:
        answer = await client.post("/api/v1/escalations", json=a_body(), headers=as_("agent"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Nothing was changed" in answer.json()["detail"]


async def test_a_fault_of_ours_tells_nothing_of_its_inside(desk: Desk, keys: None) -> None:
    async with client_of(mounted(desk)) as client:
        clock = desk.clock
        desk.clock = lambda: 1 / 0  # type: ignore[assignment, return-value]
        answer = await client.post("/api/v1/escalations", json=a_body(), headers=as_("agent"))
        desk.clock = clock
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "division" not in answer.text
