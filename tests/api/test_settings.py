"""The settings over HTTP: saved whole, published, and never over somebody else's."""

from typing import Any

import pytest

from escalation_app.services import settings
from escalation_app.services.desk import Desk
from tests.api.conftest import Call
from tests.cast import Cast

CONDITION = {
    "label": "Angry customer",
    "description": "User is angry and asks for an urgent refund",
    "urgency": "critical",
    "topic": "Billing",
    "area": "Payment",
}
SWITCHED_ON = {"enabled": True, "response": "A colleague takes over.", "conditions": [CONDITION]}


async def read(call: Call) -> dict[str, Any]:
    answer = await call("lina", "GET", "/settings")
    assert answer.status_code == 200
    settings: dict[str, Any] = answer.json()
    return settings


async def save(call: Call, now: dict[str, Any], **changes: Any) -> Any:
    body = {"revision": now["revision"], "draft": now["draft"] | changes}
    return await call("lina", "PUT", "/settings", body)


async def test_lina_saves_a_draft_and_publishes_it(call: Call) -> None:
    before = await read(call)
    saved = (await save(call, before, **SWITCHED_ON)).json()
    assert saved["draft"] == before["draft"] | SWITCHED_ON
    assert saved["published"] == before["published"]
    assert saved["revision"] == before["revision"] + 1
    assert "enabled" in [change["field"] for change in saved["changes"]]
    published = (await call("admin", "POST", "/settings/publish")).json()
    assert published["published"] == published["draft"] == saved["draft"]
    assert published["version"] == before["version"] + 1
    assert published["published_by"] == "Admin"
    assert published == await read(call)


async def test_what_was_read_can_be_saved_as_it_is(call: Call) -> None:
    before = await read(call)
    assert (await save(call, before)).json() == before


async def test_a_message_triggers_what_was_configured(call: Call) -> None:
    saved = await save(call, await read(call), **SWITCHED_ON)
    assert saved.status_code == 200, saved.text
    begun = await call(
        "lina", "POST", "/conversations", {"queue": "preview", "external_id": "c", "profile": {}}
    )
    said = {"role": "user", "text": "This is ridiculous, you idiots! I want my money back NOW!!!"}
    heard = await call("lina", "POST", f"/conversations/{begun.json()['id']}/messages", said)
    assert heard.status_code == 201
    assert heard.json()["reply"] == "A colleague takes over."
    assert heard.json()["escalation"]["trigger"] == "Angry customer"
    assert heard.json()["escalation"]["conversation_id"] == begun.json()["id"]


async def test_who_saves_second_reads_what_differs(call: Call, desk: Desk, cast: Cast) -> None:
    before = await read(call)
    await save(call, before, response="Lina's words")
    answer = await save(call, before, response="Other words")
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["saved_by"], problem["revision"]) == ("Lina", before["revision"] + 1)
    assert [(one["field"], one["before"], one["after"]) for one in problem["changes"]] == [
        ("response", "Other words", "Lina's words")
    ]
    assert (await settings.read(desk, cast.lina)).draft.response == "Lina's words"
    stale = await call("lina", "POST", "/settings/publish", {"revision": before["revision"]})
    assert stale.status_code == 409


async def test_a_save_whose_answer_was_lost_can_be_sent_again(call: Call) -> None:
    before = await read(call)
    first = await save(call, before, response="Words")
    again = await save(call, before, response="Words")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_there_has_to_be_something_to_publish(call: Call) -> None:
    answer = await call("lina", "POST", "/settings/publish")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:escalation-desk:nothing-to-publish"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"response": "x" * 501, "language": "xx"}, ["draft.response", "draft.language"]),
        ({"conditions": [{**CONDITION, "label": ""}]}, ["draft.conditions.0.label"]),
        ({"webhook": {"enabled": True, "url": "http://x"}}, ["draft.webhook.url"]),
        ({"enabled": "yes"}, ["draft.enabled"]),
        ({"more": 1}, ["draft.more"]),
        ({"response": "\x00"}, ["draft.response"]),
        (
            {"supervisors": [{"username": "nobody", "topics": None, "areas": None}]},
            ["draft.supervisors.0.username"],
        ),
    ],
)
async def test_all_fields_that_cannot_be_taken_are_named(
    call: Call, changes: dict[str, Any], fields: list[str]
) -> None:
    before = await read(call)
    answer = await save(call, before, **changes)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert await read(call) == before


@pytest.mark.parametrize("draft", [None, [], "x", {}, 7])
async def test_a_draft_has_to_be_whole(call: Call, draft: Any) -> None:
    before = await read(call)
    answer = await call("lina", "PUT", "/settings", {"revision": 0, "draft": draft})
    assert answer.status_code == 422
    assert await read(call) == before


@pytest.mark.parametrize("revision", [None, "1", 1.5, -1, 2**31, 10**30, True])
async def test_a_revision_is_a_number(call: Call, revision: Any) -> None:
    before = await read(call)
    body = {"revision": revision, "draft": before["draft"]}
    answer = await call("lina", "PUT", "/settings", body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["revision"]


async def test_the_webhooks_secret_is_not_told(call: Call, desk: Desk, cast: Cast) -> None:
    url = {"enabled": True, "url": "https://example.com/hook"}
    answer = await save(call, await read(call), webhook=url)
    assert answer.status_code == 200
    secret = await settings.reveal_secret(desk, cast.lina)
    assert secret not in answer.text
