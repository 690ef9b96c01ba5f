"""A message that is sent again is stored once, and what came of it is told again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.services import conversations
from escalation_app.services.desk import Desk
from tests.api.conftest import Call
from tests.cast import Cast
from tests.services.test_conversations import REPLY, SAID, configure, messages_of

ONCE = {"Idempotency-Key": "6f1e"}
ANGRY = {"role": "user", "text": SAID}


@pytest.fixture
async def begun(desk: Desk, cast: Cast, call: Call) -> int:
    await configure(desk, cast, publish=True)
    body = {"queue": "published", "external_id": "chat-1", "profile": {}}
    return int((await call("agent", "POST", "/conversations", body)).json()["id"])


def fails_at(desk: Desk, monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    """The database is away for these of the transactions to come."""
    real, count = desk.database.transaction, 0

    @asynccontextmanager
    async def flaky() -> AsyncIterator[Any]:
        nonlocal count
        count += 1
        if count in numbers:
            raise DeskUnavailable
        async with real() as session:
            yield session

    monkeypatch.setattr(desk.database, "transaction", flaky)


async def test_a_hiccup_after_the_message_was_stored_still_opens_its_case(
    desk: Desk, call: Call, begun: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "PAUSES", (0.0, 0.0))
    fails_at(desk, monkeypatch, 2)
    answer = await call("agent", "POST", f"/conversations/{begun}/messages", ANGRY)
    assert answer.status_code == 201
    assert answer.json()["reply"] == REPLY


async def test_nobody_is_told_that_nothing_was_changed_when_it_was(
    desk: Desk, call: Call, begun: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "PAUSES", (0.0, 0.0))
    fails_at(desk, monkeypatch, 2, 3, 4)
    path = f"/conversations/{begun}/messages"
    answer = await call("agent", "POST", path, ANGRY, headers=ONCE)
    assert answer.status_code == 503
    assert "Message 1 is stored" in answer.json()["detail"]
    assert "Nothing was changed" not in answer.text
    again = await call("agent", "POST", path, ANGRY, headers=ONCE)
    assert again.status_code == 200
    assert again.json()["message"]["number"] == 1
    assert again.json()["escalation"]["trigger"] == "Angry customer"
    assert again.json()["reply"] == REPLY
    assert [said.text for said in await messages_of(desk, begun)] == [SAID, REPLY]


async def test_sent_again_it_is_answered_as_the_first_time(
    desk: Desk, call: Call, begun: int
) -> None:
    path = f"/conversations/{begun}/messages"
    first = await call("agent", "POST", path, ANGRY, headers=ONCE)
    again = await call("agent", "POST", path, ANGRY, headers=ONCE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    joined = {"role": "user", "text": "Hello?"}
    other = {"Idempotency-Key": "6f1f"}
    first = await call("agent", "POST", path, joined, headers=other)
    again = await call("agent", "POST", path, joined, headers=other)
    assert again.json()["message"] == first.json()["message"]
    assert again.json()["escalation"]["id"] == first.json()["escalation"]["id"]
    assert [said.text for said in await messages_of(desk, begun)] == [SAID, REPLY, "Hello?"]


async def test_of_20_at_once_one_is_stored_and_all_are_told_the_reply(
    desk: Desk, call: Call, begun: int
) -> None:
    path = f"/conversations/{begun}/messages"
    answers = await asyncio.gather(
        *(call("agent", "POST", path, ANGRY, headers=ONCE) for _ in range(20))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(await messages_of(desk, begun)) == 2


async def test_another_body_or_conversation_under_the_same_key_is_refused(
    call: Call, begun: int
) -> None:
    path = f"/conversations/{begun}/messages"
    await call("agent", "POST", path, ANGRY, headers=ONCE)
    body = {"queue": "published", "external_id": "chat-2", "profile": {}}
    elsewhere = (await call("agent", "POST", "/conversations", body)).json()["id"]
    for where, what in (
        (path, {"role": "user", "text": "Something else"}),
        (path, {"role": "agent", "text": SAID}),
        (f"/conversations/{elsewhere}/messages", ANGRY),
    ):
        answer = await call("agent", "POST", where, what, headers=ONCE)
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:escalation-desk:request-differs"


async def test_a_refused_message_leaves_its_key_unused(call: Call, begun: int) -> None:
    refused = await call("agent", "POST", "/conversations/999/messages", ANGRY, headers=ONCE)
    assert refused.status_code == 404
    path = f"/conversations/{begun}/messages"
    assert (await call("agent", "POST", path, ANGRY, headers=ONCE)).status_code == 201
