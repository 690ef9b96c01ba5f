"""A request that is sent again opens no second case."""

import asyncio
from datetime import timedelta

from escalation_app.db.engine import Database
from escalation_app.domain.people import COMMAND_LINE
from escalation_app.domain.vocabulary import Role
from escalation_app.services import api_keys, people
from escalation_app.services.desk import Desk
from tests.api.conftest import Call, a_body, as_, client_of, key_of, mounted

ONCE = {"Idempotency-Key": "6f1e"}


async def test_of_50_at_once_one_opens_the_case(call: Call) -> None:
    answers = await asyncio.gather(
        *(call("agent", "POST", "/escalations", a_body(), headers=ONCE) for _ in range(50))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len((await call("admin", "GET", "/escalations")).json()["items"]) == 1


async def test_another_body_under_the_same_key_is_refused(call: Call) -> None:
    first = await call("agent", "POST", "/escalations", a_body(), headers=ONCE)
    other = await call("agent", "POST", "/escalations", a_body("chat-2"), headers=ONCE)
    assert other.status_code == 409
    assert other.json()["type"] == "urn:escalation-desk:request-differs"
    again = await call("agent", "POST", "/escalations", a_body(), headers=ONCE)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


async def test_a_refused_request_leaves_its_key_unused(call: Call) -> None:
    await call("agent", "POST", "/escalations", a_body())
    refused = await call("agent", "POST", "/escalations", a_body(), headers=ONCE)
    assert refused.status_code == 409
    taken = await call("agent", "POST", "/escalations", a_body("chat-2"), headers=ONCE)
    assert taken.status_code == 201


async def test_a_key_is_forgotten_after_a_day(call: Call, desk: Desk) -> None:
    clock = desk.clock
    await call("agent", "POST", "/escalations", a_body(), headers=ONCE)
    desk.clock = lambda: clock() + timedelta(hours=23, minutes=59)
    assert (await call("agent", "POST", "/escalations", a_body(), headers=ONCE)).status_code == 200
    desk.clock = lambda: clock() + timedelta(hours=24, minutes=1)
    other = await call("agent", "POST", "/escalations", a_body("chat-2"), headers=ONCE)
    assert other.status_code == 201


async def test_an_answered_key_tells_the_case_as_it_is_now(call: Call) -> None:
    first = (await call("agent", "POST", "/escalations", a_body(), headers=ONCE)).json()
    await call("maria", "POST", f"/escalations/{first['id']}/claim")
    again = (await call("agent", "POST", "/escalations", a_body(), headers=ONCE)).json()
    assert (again["id"], again["claimed_by"]) == (first["id"], "Maria")


async def test_two_processes_open_one_case_between_them(
    desk: Desk, keys: None, database_url: str
) -> None:
    other = Desk(Database(database_url), vault=desk.vault, sealer=desk.sealer)
    async with client_of(mounted(desk)) as one, client_of(mounted(other)) as two:
        headers = as_("agent") | ONCE
        answers = await asyncio.gather(
            *(
                client.post("/api/v1/escalations", json=a_body(), headers=headers)
                for _ in range(10)
                for client in (one, two)
            )
        )
    await other.database.close()
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_key_is_its_callers_own(call: Call, desk: Desk) -> None:
    await people.create_person(desk, "bot", "Another agent", Role.AGENT)
    await api_keys.create(desk, COMMAND_LINE, "bot", "test", secret=key_of("bot"))
    for number, who in enumerate(("agent", "bot")):
        body = a_body(f"chat-{number}")
        assert (await call(who, "POST", "/escalations", body, headers=ONCE)).status_code == 201
