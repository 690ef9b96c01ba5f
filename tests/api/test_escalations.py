"""Cases over HTTP: who may do what, and what they are told."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.summary import SummarySentence
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import tell_overdue
from tests.api.conftest import Call, a_body
from tests.cast import Cast, a_case, id_of

ESCALATION = [
    "id",
    "queue",
    "status",
    "urgency",
    "topic",
    "area",
    "reason",
    "trigger",
    "version",
    "claimed_by",
    "claimed_at",
    "completed_by",
    "completed_at",
    "resolution",
    "due_at",
    "created_at",
    "updated_at",
    "conversation_id",
]
PEOPLE = ("maria", "omar", "lina", "admin", "agent")
DONE = {"what_happened": "Charged twice", "action_taken": "Refunded", "follow_up": "None"}

# The status for maria, omar, lina, admin and the agent; the case is within omar's scope.
BY_ROLE = [
    ("POST", "/escalations", a_body("another"), (403, 403, 403, 403, 201)),
    (
        "POST",
        "/conversations",
        {"queue": "preview", "external_id": "c"},
        (403, 403, 201, 403, 201),
    ),
    (
        "POST",
        "/conversations/1/messages",
        {"role": "user", "text": "Hi"},
        (403, 403, 201, 403, 201),
    ),
    ("GET", "/escalations", None, (200, 200, 200, 200, 403)),
    ("GET", "/escalations/export", None, (200, 200, 200, 200, 403)),
    ("GET", "/escalations/1", None, (200, 200, 200, 200, 403)),
    ("POST", "/escalations/1/claim", None, (200, 200, 403, 200, 403)),
    ("POST", "/escalations/1/release", {"note": ""}, (409, 409, 403, 409, 403)),
    ("POST", "/escalations/1/complete", DONE, (409, 409, 403, 409, 403)),
    ("POST", "/escalations/1/summary", None, (200, 200, 200, 200, 403)),
    ("GET", "/settings", None, (403, 403, 200, 200, 403)),
    ("PUT", "/settings", {"revision": 0, "draft": {}}, (403, 403, 422, 422, 403)),
    ("POST", "/settings/publish", {"revision": 0}, (403, 403, 409, 409, 403)),
]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("method", "path", "body", "statuses"), BY_ROLE)
async def test_each_role_may_do_what_is_agreed(
    call: Call,
    desk: Desk,
    cast: Cast,
    who: str,
    method: str,
    path: str,
    body: Any,
    statuses: tuple[int, ...],
) -> None:
    assert id_of(await a_case(desk, cast)) == 1
    answer = await call(who, method, path, body)
    assert answer.status_code == statuses[PEOPLE.index(who)], answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


async def test_an_agent_escalates_and_maria_works_the_case_to_its_end(call: Call) -> None:
    created = await call("agent", "POST", "/escalations", a_body())
    assert created.status_code == 201
    case = created.json()
    assert list(case) == ESCALATION
    assert (case["status"], case["claimed_by"], case["resolution"]) == ("Pending", None, None)
    assert case["created_at"].endswith("Z")
    path = f"/escalations/{case['id']}"
    claimed = (await call("maria", "POST", f"{path}/claim")).json()
    assert (claimed["status"], claimed["claimed_by"]) == ("InProgress", "Maria")
    assert (await call("maria", "POST", f"{path}/claim")).status_code == 200
    done = (await call("maria", "POST", f"{path}/complete", DONE)).json()
    assert (done["status"], done["completed_by"], done["resolution"]) == (
        "Completed",
        "Maria",
        DONE,
    )
    whole = (await call("maria", "GET", path)).json()
    assert [entry["kind"] for entry in whole["timeline"]] == ["escalated", "claimed", "completed"]
    assert whole["profile"] == {"name": "Dana"}
    assert [(said["number"], said["role"], said["text"]) for said in whole["messages"]] == [
        (1, "user", "I was charged twice!")
    ]
    assert whole["summary"] is None


async def test_who_comes_second_reads_who_was_first(call: Call, desk: Desk, cast: Cast) -> None:
    number = id_of(await a_case(desk, cast))
    answers = await asyncio.gather(
        *(call(who, "POST", f"/escalations/{number}/claim") for who in ("maria", "omar", "admin"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert problem["claimed_by"] == winner["claimed_by"]
            assert problem["claimed_at"][:19] == winner["claimed_at"][:19]
            assert problem["type"] == "urn:escalation-desk:already-claimed"
            assert problem["detail"].startswith(f"Claimed by {winner['claimed_by']}")


async def test_only_the_owner_or_an_admin_releases(call: Call, desk: Desk, cast: Cast) -> None:
    number = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, number)
    path = f"/escalations/{number}/release"
    assert (await call("omar", "POST", path, {"note": "x"})).status_code == 409
    assert (await call("admin", "POST", path, {"note": "x"})).json()["status"] == "Pending"
    await escalations.claim(desk, cast.omar, number)
    assert (await call("omar", "POST", path)).status_code == 200


@pytest.mark.parametrize("empty", ["what_happened", "action_taken"])
@pytest.mark.parametrize("value", ["", " \n", None])
async def test_a_case_is_not_completed_without_words(
    call: Call, desk: Desk, cast: Cast, empty: str, value: str | None
) -> None:
    number = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, number)
    answer = await call("maria", "POST", f"/escalations/{number}/complete", DONE | {empty: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [empty]
    assert (await call("maria", "GET", f"/escalations/{number}")).json()["status"] == "InProgress"


async def test_what_omar_may_not_see_is_not_there(call: Call, desk: Desk, cast: Cast) -> None:
    number = id_of(await a_case(desk, cast, topic="Booking"))
    path = f"/escalations/{number}"
    assert (await call("omar", "GET", "/escalations")).json()["items"] == []
    assert (await call("omar", "GET", "/escalations/export?format=jsonl")).text == ""
    unknown = await call("omar", "GET", "/escalations/999")
    for method, rest, body in (
        ("GET", "", None),
        ("POST", "/claim", None),
        ("POST", "/release", {"note": ""}),
        ("POST", "/complete", DONE),
        ("POST", "/summary", None),
    ):
        answer = await call("omar", method, f"{path}{rest}", body)
        assert answer.status_code == 404
        assert answer.json() == unknown.json()
    assert (await call("maria", "GET", path)).json()["status"] == "Pending"


async def test_a_summary_cites_its_messages_and_grows_stale(
    call: Call, desk: Desk, cast: Cast
) -> None:
    case = await a_case(desk, cast)
    path = f"/escalations/{id_of(case)}"
    made = (await call("maria", "POST", f"{path}/summary")).json()
    assert (made["language"], made["source"], made["stale"]) == ("en", "extract", False)
    assert made["sentences"][0]["cites"] == [1]
    assert (await call("lina", "GET", path)).json()["summary"] == made
    await call(
        "agent",
        "POST",
        f"/conversations/{case.conversation_id}/messages",
        {"role": "user", "text": "Hello?"},
    )
    assert (await call("maria", "GET", path)).json()["summary"] == made | {"stale": True}


class _Model:
    """Says one sentence, and maybe breaks off."""

    def __init__(self, *, breaks: bool) -> None:
        self._breaks = breaks

    async def summarize(
        self, conversation: Any, language: str, code: str = ""
    ) -> AsyncGenerator[SummarySentence, None]:
        yield SummarySentence("The customer was charged 99 times.", (1,))
        if self._breaks:
            raise ModelFailed(ModelFailure.CUT_OFF)


async def test_a_models_summary_tells_what_is_in_doubt(call: Call, desk: Desk, cast: Cast) -> None:
    number = id_of(await a_case(desk, cast))
    desk.model = _Model(breaks=False)  # type: ignore[assignment]
    made = (await call("maria", "POST", f"/escalations/{number}/summary")).json()
    assert (made["source"], made["sentences"][0]["cites"]) == ("ai", [1])
    assert made["sentences"][0]["doubt"]


async def test_where_the_model_fails_the_summary_is_the_extract(
    call: Call, desk: Desk, cast: Cast
) -> None:
    number = id_of(await a_case(desk, cast))
    desk.model = _Model(breaks=True)  # type: ignore[assignment]
    answer = await call("maria", "POST", f"/escalations/{number}/summary")
    assert answer.status_code == 200
    assert answer.json()["source"] == "extract"
    assert [one["text"] for one in answer.json()["sentences"]] == ["I was charged twice!"]


async def test_a_conversation_has_one_open_case(call: Call) -> None:
    first = (await call("agent", "POST", "/escalations", a_body())).json()
    again = await call("agent", "POST", "/escalations", a_body())
    assert again.status_code == 409
    assert again.json()["escalation_id"] == first["id"]
    preview = await call("agent", "POST", "/escalations", a_body(queue="preview"))
    assert preview.status_code == 201
    answers = await asyncio.gather(
        *(call("agent", "POST", "/escalations", a_body("chat-2")) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    await call("maria", "POST", f"/escalations/{first['id']}/claim")
    await call("maria", "POST", f"/escalations/{first['id']}/complete", DONE)
    assert (await call("agent", "POST", "/escalations", a_body())).status_code == 201


async def test_a_message_belongs_to_the_open_case(call: Call, desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast, queue=Queue.PREVIEW)
    said = {"role": "user", "text": "Are you there?"}
    answer = await call("agent", "POST", f"/conversations/{case.conversation_id}/messages", said)
    heard = answer.json()
    assert list(heard) == ["message", "escalation", "reply"]
    assert heard["message"]["number"] == 2
    assert heard["message"]["role"] == "user"
    assert heard["escalation"]["id"] == case.id
    assert heard["reply"] is None
    gone = await call("agent", "POST", "/conversations/999/messages", said)
    assert gone.status_code == 404


async def test_an_overdue_case_has_changed_and_says_so(call: Call, desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)
    path = f"/escalations/{id_of(case)}"
    before = (await call("maria", "GET", path)).json()
    await tell_overdue(replace(desk, clock=lambda: case.due_at))
    whole = (await call("maria", "GET", path)).json()
    assert whole["status"] == "Pending"
    assert whole["version"] == before["version"] + 1
    assert whole["updated_at"] == whole["due_at"] == before["due_at"]
    told = whole["timeline"][-1]
    assert (told["kind"], told["actor"], told["note"]) == ("overdue", "The desk", None)
    assert told["sentence"] == "Past its response target while pending"
    (listed,) = (await call("maria", "GET", "/escalations")).json()["items"]
    assert list(listed) == ESCALATION


async def test_times_are_kept_and_told_in_utc(call: Call) -> None:
    messages = [{"role": "user", "text": "Hi", "sent_at": "2026-11-24T10:30:00+02:00"}]
    body = a_body(conversation={"external_id": "t", "messages": messages})
    number = (await call("agent", "POST", "/escalations", body)).json()["id"]
    said = (await call("maria", "GET", f"/escalations/{number}")).json()["messages"]
    assert said[0]["sent_at"] == "2026-11-24T08:30:00Z"
