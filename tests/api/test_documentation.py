"""The documentation is enough to work with, and comes from here alone."""

import json
import re
from datetime import UTC, datetime

import httpx
import pytest

from escalation_app.api.webhooks import WebhookEvent
from escalation_app.components.settings.webhook_documentation import PAYLOAD
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_event import EventType, body_of_test
from tests.api.conftest import as_

AGREED = {
    "/api/v1/escalations": {"get", "post"},
    "/api/v1/escalations/export": {"get"},
    "/api/v1/escalations/{escalation_id}": {"get"},
    "/api/v1/escalations/{escalation_id}/claim": {"post"},
    "/api/v1/escalations/{escalation_id}/release": {"post"},
    "/api/v1/escalations/{escalation_id}/complete": {"post"},
    "/api/v1/escalations/{escalation_id}/summary": {"post"},
    "/api/v1/conversations": {"post"},
    "/api/v1/conversations/{conversation_id}/messages": {"post"},
    "/api/v1/settings": {"get", "put"},
    "/api/v1/settings/publish": {"post"},
}
pytestmark = pytest.mark.usefixtures("keys")


async def test_the_document_has_what_was_agreed(http: httpx.AsyncClient) -> None:
    document = (await http.get("/api/openapi.json")).json()
    assert {path: set(item) for path, item in document["paths"].items()} == AGREED
    assert "servers" not in document
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation["security"]
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    [problem] = answer["content"].values()
                    assert problem["example"]["status"] == int(status)


async def test_everything_that_the_page_loads_is_served_here(http: httpx.AsyncClient) -> None:
    page = (await http.get("/api/docs")).text
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert not [url for url in loaded if not url.startswith("/") or url.startswith("//")]
    assert "https://" not in page.replace(str(http.base_url), "")
    for url in loaded:
        if url.startswith("/api/"):
            assert (await http.get(url)).status_code == 200


@pytest.mark.parametrize(
    ("who", "schema", "method", "path"),
    [
        ("agent", "NewEscalation", "POST", "/escalations"),
        ("agent", "NewConversation", "POST", "/conversations"),
        ("lina", "DraftToSave", "PUT", "/settings"),
    ],
)
async def test_the_examples_are_taken_as_they_stand(
    http: httpx.AsyncClient, who: str, schema: str, method: str, path: str
) -> None:
    document = (await http.get("/api/openapi.json")).json()
    [example] = document["components"]["schemas"][schema]["examples"]
    answer = await http.request(method, f"/api/v1{path}", json=example, headers=as_(who))
    assert answer.status_code in (200, 201), answer.text


async def test_the_document_tells_what_is_sent_to_others(http: httpx.AsyncClient) -> None:
    document = (await http.get("/api/openapi.json")).json()
    assert set(document["webhooks"]) == {one.value for one in EventType}
    event = document["components"]["schemas"]["WebhookEvent"]
    assert set(event["properties"]) == {"type", "timestamp", "data"}


def test_a_body_that_is_sent_is_one_that_is_documented() -> None:
    WebhookEvent.model_validate_json(json.dumps(PAYLOAD), strict=False)
    body = body_of_test(Queue.PREVIEW, "Lina", datetime.now(UTC))
    assert WebhookEvent.model_validate_json(body).data.escalation is None
