"""How a request is sent: each thing once, in time, in the one form that is documented."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from escalation_app.api import body
from escalation_app.services.desk import Desk
from tests.api.conftest import Call, a_body, as_, key_of, mounted
from tests.api.test_bad_input import JSON, must_be_a_problem, nothing_is_stored
from tests.cast import Cast, a_case, id_of

SENT = json.dumps(a_body()).encode()


@pytest.mark.parametrize(
    "more",
    [
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "identity, br"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": 'application/json; charset="utf-16"'},
        {"Content-Type": "application/json; charset=nonsense"},
    ],
)
async def test_another_encoding_is_refused(call: Call, desk: Desk, more: dict[str, str]) -> None:
    answer = await call("agent", "POST", "/escalations", content=SENT, headers=JSON | more)
    must_be_a_problem(answer, 415)
    await nothing_is_stored(desk)


@pytest.mark.parametrize(
    "more",
    [
        {"Content-Encoding": "identity"},
        {"Content-Type": "application/json; charset=UTF-8"},
        {"Content-Type": 'application/json;charset="utf8"'},
        {"Content-Type": "application/problem+json"},
    ],
)
async def test_the_one_encoding_may_be_said(call: Call, more: dict[str, str]) -> None:
    answer = await call("agent", "POST", "/escalations", content=SENT, headers=JSON | more)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "twice",
    [
        [("Authorization", f"Bearer {key_of('admin')}")],
        [("Idempotency-Key", "one"), ("Idempotency-Key", "two")],
    ],
)
async def test_a_header_that_is_sent_twice_is_named(
    http: httpx.AsyncClient, desk: Desk, twice: list[tuple[str, str]]
) -> None:
    headers = [*as_("agent").items(), *JSON.items(), *twice]
    answer = await http.post("/api/v1/escalations", content=SENT, headers=headers)
    assert must_be_a_problem(answer, 422)["errors"][0]["field"] == twice[0][0]
    await nothing_is_stored(desk)


@pytest.mark.parametrize(
    "text",
    [
        '{"queue": "published", "reason": "a", "reason": "b"}',
        '{"conversation": {"profile": {"x": [{"reason": 1, "reason": 1}]}}}',
    ],
)
async def test_a_key_that_stands_twice_is_named(call: Call, text: str) -> None:
    answer = await call("agent", "POST", "/escalations", content=text.encode(), headers=JSON)
    assert "“reason” stands twice" in must_be_a_problem(answer, 400)["detail"]


@pytest.mark.parametrize("name", ["limit", "q", "view", "queue", "cursor"])
async def test_a_parameter_of_one_value_is_given_once(call: Call, name: str) -> None:
    answer = await call("maria", "GET", f"/escalations?{name}=1&{name}=1")
    errors = must_be_a_problem(answer, 422)["errors"]
    assert errors == [{"field": name, "reason": "Please give this parameter once."}]


async def test_a_parameter_of_several_values_may_be_given_again(call: Call) -> None:
    answer = await call("maria", "GET", "/escalations?topic=Refund&topic=Billing&status=Pending")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("who", "method", "path", "sent"),
    [
        ("agent", "POST", "/escalations", a_body()),
        ("maria", "GET", "/escalations", None),
        ("maria", "GET", "/escalations/export", None),
        ("maria", "GET", "/escalations/1", None),
        ("maria", "POST", "/escalations/1/claim", None),
        ("maria", "POST", "/escalations/1/release", None),
        ("maria", "POST", "/escalations/1/summary", None),
        ("lina", "POST", "/conversations", {"queue": "preview", "external_id": "x"}),
        ("agent", "POST", "/conversations/1/messages", {"role": "user", "text": "x"}),
        ("lina", "GET", "/settings", None),
        ("lina", "POST", "/settings/publish", None),
    ],
)
async def test_an_unknown_parameter_is_named_everywhere(
    call: Call, desk: Desk, cast: Cast, who: str, method: str, path: str, sent: Any
) -> None:
    answer = await call(who, method, f"{path}?dry_run=1", sent)
    assert [one["field"] for one in must_be_a_problem(answer, 422)["errors"]] == ["dry_run"]


@pytest.mark.parametrize("content", [b"{}", b"x", b'{"note": "mine"}'])
async def test_where_no_body_is_taken_one_is_refused(
    call: Call, desk: Desk, cast: Cast, content: bytes
) -> None:
    number = id_of(await a_case(desk, cast))
    for method, rest in (("POST", "/claim"), ("POST", "/summary"), ("GET", "")):
        answer = await call("maria", method, f"/escalations/{number}{rest}", content=content)
        assert must_be_a_problem(answer, 422)["errors"][0]["field"] == "body"
    read = (await call("maria", "GET", f"/escalations/{number}")).json()
    assert read["status"] == "Pending"


async def test_a_body_that_comes_drop_by_drop_is_given_up(
    call: Call, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", 0.1)

    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.03)

    answer = await call("agent", "POST", "/escalations", content=drops(), headers=JSON)
    must_be_a_problem(answer, 408)
    await nothing_is_stored(desk)


@pytest.mark.usefixtures("keys")
async def test_who_hangs_up_leaves_no_fault_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    parts = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    headers = as_("agent") | JSON | {"Content-Length": "100"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/escalations",
        "query_string": b"",
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
    }

    async def receive() -> Any:
        return parts.pop(0)

    async def send(_message: Any) -> None:
        return None

    with caplog.at_level(logging.WARNING):
        await mounted(desk)(scope, receive, send)
    assert caplog.records == []
    await nothing_is_stored(desk)


async def test_head_answers_like_get_without_the_body(
    call: Call, http: httpx.AsyncClient, desk: Desk, cast: Cast
) -> None:
    number = id_of(await a_case(desk, cast))
    for path in ("", f"/{number}", "/999", "?limit=0", "/export?format=jsonl"):
        read = await call("maria", "GET", f"/escalations{path}")
        head = await call("maria", "HEAD", f"/escalations{path}")
        assert head.content == b""
        assert (head.status_code, head.headers) == (read.status_code, read.headers)
    assert (await http.head("/api/v1/escalations")).status_code == 401
    assert (await call("maria", "HEAD", f"/escalations/{number}/claim")).status_code == 405
