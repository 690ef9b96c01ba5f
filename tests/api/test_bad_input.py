"""What can't be taken is refused with which field and why, and nothing of it is stored."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from escalation_app.api.body import LARGEST_BODY
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.idempotency import IdempotencyKey
from escalation_app.services.desk import Desk
from tests.api.conftest import Call, a_body, as_

JSON = {"Content-Type": "application/json"}
NAUGHTY = [
    line
    for line in Path(__file__)
    .with_name("naughty_strings.txt")
    .read_text(encoding="utf-8")
    .split("\n")
    if line and not line.startswith("#")
]


def talk(**changes: Any) -> dict[str, Any]:
    return {"conversation": {"external_id": "chat-1", "messages": []} | changes}


def said(**changes: Any) -> dict[str, Any]:
    return talk(messages=[{"role": "user", "text": "Hi"} | changes])


WRONG_FIELDS = [
    ({"queue": "secret"}, "queue"),
    ({"queue": 1}, "queue"),
    ({"urgency": "High"}, "urgency"),
    ({"urgency": None}, "urgency"),
    ({"reason": ""}, "reason"),
    ({"reason": " \u2003\n"}, "reason"),
    ({"reason": ["x"]}, "reason"),
    ({"topic": "x" * 121}, "topic"),
    ({"area": 7}, "area"),
    ({"trigger": "x" * 201}, "trigger"),
    ({"unknown": 1}, "unknown"),
    ({"id": 7}, "id"),
    ({"conversation": []}, "conversation"),
    ({"conversation": {}}, "conversation.external_id"),
    (talk(external_id=""), "conversation.external_id"),
    (talk(external_id=5), "conversation.external_id"),
    (talk(profile=[]), "conversation.profile"),
    (talk(profile=None), "conversation.profile"),
    (talk(profile={"name": "a\x00b"}), "conversation.profile.name"),
    (talk(profile={"deep": {"x\x00": 1}}), "conversation.profile.deep.x"),
    (talk(profile={"name": "\ud800"}), "conversation.profile.name"),
    (talk(messages={}), "conversation.messages"),
    (talk(messages=[{"role": "user", "text": "x"}] * 1_001), "conversation.messages"),
    (said(role="human"), "conversation.messages.0.role"),
    (said(text=""), "conversation.messages.0.text"),
    (said(text="x" * 100_001), "conversation.messages.0.text"),
    (said(text="\x00"), "conversation.messages.0.text"),
    (said(text="half \udfff"), "conversation.messages.0.text"),
    (said(author="x"), "conversation.messages.0.author"),
    (said(sent_at="yesterday"), "conversation.messages.0.sent_at"),
    (said(sent_at="2026-11-24"), "conversation.messages.0.sent_at"),
    (said(sent_at="2026-11-24T10:00:00"), "conversation.messages.0.sent_at"),
    (said(sent_at="2026-13-24T10:00:00Z"), "conversation.messages.0.sent_at"),
    (said(sent_at="0001-01-01T00:00:00+14:00"), "conversation.messages.0.sent_at"),
    (said(sent_at=1_790_000_000), "conversation.messages.0.sent_at"),
]


async def nothing_is_stored(desk: Desk) -> None:
    async with desk.database.reading() as session:
        for table in (Conversation, IdempotencyKey):
            assert (await session.execute(select(func.count()).select_from(table))).scalar() == 0


def must_be_a_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert all(problem[member] for member in ("type", "title", "detail"))
    return problem


@pytest.mark.parametrize(("changes", "field"), WRONG_FIELDS)
async def test_a_wrong_field_is_named(
    call: Call, desk: Desk, changes: dict[str, Any], field: str
) -> None:
    body = json.dumps(a_body(**changes))
    headers = JSON | {"Idempotency-Key": "once"}
    answer = await call("agent", "POST", "/escalations", content=body, headers=headers)
    problem = must_be_a_problem(answer, 422)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["reason"]
    await nothing_is_stored(desk)


async def test_all_wrong_fields_are_named_at_once(call: Call) -> None:
    answer = await call("agent", "POST", "/escalations", {"queue": "x", "more": 1})
    fields = [error["field"] for error in must_be_a_problem(answer, 422)["errors"]]
    assert fields == [
        "queue", "reason", "trigger", "urgency", "topic", "area", "conversation", "more",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"{",
        b'{"queue": NaN}',
        b'{"queue": Infinity}',
        b'{"queue": "\xff"}',
        b"\x00",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b"1" * 5_000,
        '{"queue": "published"}'.encode("utf-16"),
    ],
)
async def test_what_is_not_json_is_refused(call: Call, desk: Desk, body: bytes) -> None:
    answer = await call("agent", "POST", "/escalations", content=body, headers=JSON)
    assert "not JSON" in must_be_a_problem(answer, 400)["detail"]
    await nothing_is_stored(desk)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true", b"", b'{"x": 1e999}'])
async def test_json_of_another_kind_is_refused(call: Call, desk: Desk, body: bytes) -> None:
    answer = await call("agent", "POST", "/escalations", content=body, headers=JSON)
    assert must_be_a_problem(answer, 422)["errors"]
    await nothing_is_stored(desk)


async def test_a_profile_too_deep_to_keep_is_refused(call: Call, desk: Desk) -> None:
    deep: Any = {}
    for _ in range(200):
        deep = {"x": deep}
    answer = await call("agent", "POST", "/escalations", a_body(**talk(profile=deep)))
    assert "levels deep" in must_be_a_problem(answer, 422)["detail"]
    await nothing_is_stored(desk)


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded"])
async def test_another_media_type_is_refused(
    http: httpx.AsyncClient, media_type: str | None
) -> None:
    headers = as_("agent") | ({"Content-Type": media_type} if media_type else {})
    answer = await http.post(
        "/api/v1/escalations", content=json.dumps(a_body()).encode(), headers=headers
    )
    assert "application/json" in must_be_a_problem(answer, 415)["detail"]


async def test_300_kib_is_refused(call: Call, desk: Desk) -> None:
    body = json.dumps(a_body(**said(text="x" * 300 * 1024))).encode()
    problem = must_be_a_problem(
        await call("agent", "POST", "/escalations", content=body, headers=JSON), 413
    )
    assert "256 KiB" in problem["detail"]
    await nothing_is_stored(desk)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [("agent", "/escalations", 413), ("maria", "/escalations/1/claim", 422)],
)
async def test_a_body_without_a_length_is_not_read_beyond_the_limit(
    call: Call, desk: Desk, who: str, path: str, status: int
) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1024
            yield b"x" * 1024

    answer = await call(who, "POST", path, content=chunks(), headers=JSON)
    must_be_a_problem(answer, status)
    assert sent <= LARGEST_BODY + 8 * 1024
    await nothing_is_stored(desk)


async def test_a_body_of_exactly_the_limit_is_read(call: Call) -> None:
    body = json.dumps(a_body()).encode()
    full = body + b" " * (LARGEST_BODY - len(body))
    answer = await call("agent", "POST", "/escalations", content=full, headers=JSON)
    assert answer.status_code == 201
    answer = await call("agent", "POST", "/escalations", content=full + b" ", headers=JSON)
    must_be_a_problem(answer, 413)


async def test_10_000_messages_are_refused(call: Call, desk: Desk) -> None:
    messages = [{"role": "user", "text": "x"}] * 10_000
    answer = await call("agent", "POST", "/escalations", a_body(**talk(messages=messages)))
    must_be_a_problem(answer, 422 if len(answer.request.content) <= LARGEST_BODY else 413)
    await nothing_is_stored(desk)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("queue=secret", "queue"),
        ("view=theirs", "view"),
        ("status=Pending,Done", "status.1"),
        ("status=pending", "status.0"),
        ("urgency=urgent", "urgency.0"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00%ff", "cursor"),
        ("q=%00", "q"),
        ("topic=%00", "topic.0"),
        (f"q={'x' * 201}", "q"),
        ("stauts=Pending", "stauts"),
    ],
)
async def test_a_wrong_parameter_is_named(call: Call, query: str, field: str) -> None:
    answer = await call("maria", "GET", f"/escalations?{query}")
    assert [one["field"] for one in must_be_a_problem(answer, 422)["errors"]] == [field]


@pytest.mark.parametrize("number", ["0", "-1", "999", str(2**31), str(2**63), "9" * 300])
@pytest.mark.parametrize("verb", [("GET", ""), ("POST", "/claim"), ("POST", "/summary")])
async def test_a_number_of_no_case_is_not_found(
    call: Call, number: str, verb: tuple[str, str]
) -> None:
    method, rest = verb
    must_be_a_problem(await call("maria", method, f"/escalations/{number}{rest}"), 404)
    said_there = f"/conversations/{number}/messages"
    must_be_a_problem(await call("agent", "POST", said_there, {"role": "user", "text": "x"}), 404)


async def test_what_is_no_number_is_no_case(call: Call) -> None:
    must_be_a_problem(await call("maria", "GET", "/escalations/first"), 422)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b"])
async def test_an_unusable_idempotency_key_is_named(call: Call, desk: Desk, key: str) -> None:
    answer = await call("agent", "POST", "/escalations", a_body(), headers={"Idempotency-Key": key})
    assert must_be_a_problem(answer, 422)["errors"][0]["field"] == "Idempotency-Key"
    await nothing_is_stored(desk)


async def test_naughty_but_harmless_text_is_kept_as_it_is(call: Call) -> None:
    messages = [{"role": "user", "text": text} for text in NAUGHTY]
    profile = {text: text for text in NAUGHTY}
    body = a_body(**talk(messages=messages, profile=profile))
    created = await call("agent", "POST", "/escalations", body)
    assert created.status_code == 201, created.text
    whole = (await call("maria", "GET", f"/escalations/{created.json()['id']}")).json()
    assert [one["text"] for one in whole["messages"]] == NAUGHTY
    assert whole["profile"] == profile


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/escalations", 404),
        ("GET", "/api/v1/escalations/", 404),
        ("GET", "/api/v1/line%0Abreak", 404),
        ("DELETE", "/api/v1/escalations", 405),
        ("PATCH", "/api/v1/settings", 405),
    ],
)
async def test_what_is_not_there_is_told_in_the_same_way(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path)
    assert "/api/docs" in must_be_a_problem(answer, status)["detail"]
    assert (status == 405) == ("allow" in answer.headers)


async def test_a_method_that_is_not_there_is_told_those_that_are(http: httpx.AsyncClient) -> None:
    for path, allowed in (
        ("/escalations", "GET, HEAD, POST"),
        ("/escalations/7", "GET, HEAD"),
        ("/settings", "GET, HEAD, PUT"),
    ):
        assert (await http.delete(f"/api/v1{path}")).headers["allow"] == allowed
