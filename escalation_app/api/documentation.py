"""What the generated documentation says besides the endpoints themselves."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi

from escalation_app.api import content_policy, examples
from escalation_app.api.problems import MEDIA_TYPE, Problem
from escalation_app.api.webhooks import webhooks

MOUNTED_AT = "/api"
ASSETS = "/docs-assets"
SCHEMAS = "#/components/schemas/"
DESCRIPTION = """
Programs join the live escalation desk: an AI agent's platform escalates conversations, and
supervisors' tools list, claim, release and complete the cases.

**Who you are.** Send `Authorization: Bearer <key>`. A key has the role and the scope of the person
it belongs to. An administrator makes keys; so does `create-api-key` on the command line. In the
demo there are `demo-agent`, `demo-maria`, `demo-omar`, `demo-lina` and `demo-admin`.

**From a conversation to a case.** Either you decide yourself: `POST /api/v1/escalations` with the
conversation so far. Or the desk decides: `POST /api/v1/conversations`, then each message to
`/api/v1/conversations/{id}/messages`; the answer has the escalation as soon as there is one, and
the reply that the end user is to get.

**When it says no.** The answer is a problem detail (RFC 9457, `application/problem+json`) whose
`detail` is a sentence for a person. `type` tells programs which problem it is. With 422, `errors`
names each field and why. What your key may not see is 404.

**Limits.** 256 KiB a body, sent within 10 seconds, once, as UTF-8; 600 requests a minute and key unless the operator chose otherwise, then
429 with `Retry-After`. Times are RFC 3339 in UTC. Unknown fields and parameters are refused.

**Once and only once.** Give `POST /api/v1/escalations` and each message an `Idempotency-Key` (a UUID,
say) and send the request again whenever you did not get the answer: for 24 hours it opens no second
case and stores no second message, and a message that could not be judged the first time is judged.

**One conversation.** Within a queue, an `external_id` names one conversation, which has one open case
at most. Beginning it again, or escalating it when it is known, goes on from what is there.
"""
TAGS = [
    {"name": "Escalations", "description": "Cases that people take over."},
    {"name": "Conversations", "description": "What an end user and the agent say."},
    {
        "name": "Settings",
        "description": "When and how a queue escalates: the draft and what is published.",
    },
    {
        "name": "Webhooks",
        "description": "What the desk sends to your receiver. The settings page has the secret, the "
        "log, test events, and receivers to copy.",
    },
]
_SENTENCES = {
    400: "The body is not JSON: Expecting ',' delimiter (line 1, column 24).",
    401: "Please send your API key: “Authorization: Bearer <key>”.",
    403: "Your role (agent) may not claim a case.",
    404: "No such case. It may be outside your topics and areas.",
    408: "The body did not arrive within 10 seconds.",
    409: "Claimed by Maria 3 min ago.",
    413: "The body is larger than 256 KiB.",
    415: "Please send JSON, with “Content-Type: application/json”.",
    422: "urgency: Input should be 'low', 'medium', 'high' or 'critical'.",
    429: "More than 600 requests in a minute. Please go on in 7 s.",
    503: "The desk can't reach its database right now. Nothing was changed; please try again.",
}
_TYPES = {
    400: "not-json",
    401: "key-missing",
    403: "not-permitted",
    404: "no-such-case",
    408: "body-too-slow",
    409: "already-claimed",
    413: "body-too-large",
    415: "wrong-media-type",
    422: "invalid-fields",
    429: "too-many-requests",
    503: "desk-unavailable",
}
_MEMBERS: dict[int, dict[str, Any]] = {
    409: {"claimed_by": "Maria", "claimed_at": "2026-11-24T09:30:00.000Z"},
    422: {
        "errors": [
            {
                "field": "urgency",
                "reason": "Input should be 'low', 'medium', 'high' or 'critical'.",
            }
        ]
    },
}
_ALWAYS = (401, 403, 422, 429, 503)
_WITH_BODY = (400, 408, 413, 415)
Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int, body: bool = False) -> Responses:
    """The problems that an endpoint may answer with, besides those that each one may."""
    told = sorted({*_ALWAYS, *statuses, *(_WITH_BODY if body else ())})
    return {status: _problem(status) for status in told}


def _problem(status: int) -> dict[str, Any]:
    title = _TYPES[status].replace("-", " ").capitalize()
    example = {
        "type": f"urn:escalation-desk:{_TYPES[status]}",
        "title": title,
        "status": status,
        "detail": _SENTENCES[status],
        **_MEMBERS.get(status, {}),
    }
    schema = {"$ref": f"{SCHEMAS}Problem"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
        "headers": _headers(status),
    }


def _headers(status: int) -> dict[str, Any]:
    match status:
        case 401:
            return {"WWW-Authenticate": {"schema": {"type": "string"}}}
        case 429 | 503:
            return {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
        case _:
            return {}


def add_page(app: FastAPI) -> None:
    """The page that shows it, with assets that we serve ourselves."""
    page = get_swagger_ui_html(
        openapi_url=f"{MOUNTED_AT}{app.openapi_url}",
        title=f"{app.title} - API",
        oauth2_redirect_url=None,
        swagger_js_url=f"{MOUNTED_AT}{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{MOUNTED_AT}{ASSETS}/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
    )
    policy = content_policy.of_api_documentation(bytes(page.body).decode())
    page.headers[content_policy.HEADER] = policy

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return page


def describe(app: FastAPI) -> None:
    """Let the document name whole paths, as they are called, and the problem's schema."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                tags=app.openapi_tags,
                routes=app.routes,
                webhooks=webhooks.routes,
            )
            paths = document["paths"].items()
            document["paths"] = {f"{MOUNTED_AT}{path}": item for path, item in paths}
            schemas = document["components"]["schemas"]
            schema = Problem.model_json_schema(ref_template=f"{SCHEMAS}{{model}}")
            schemas.update(schema.pop("$defs"))
            schemas["Problem"] = schema
            _draft_is_whole(schemas)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _draft_is_whole(schemas: dict[str, Any]) -> None:
    """A draft is sent as it is told, with all its fields; to the framework it is anything."""
    schemas["DraftToSave"]["properties"]["draft"]["$ref"] = f"{SCHEMAS}Configuration"
    # The framework would leave out each null, which is ALL.
    schemas["DraftToSave"]["examples"] = [examples.DRAFT]
    for name in ("Configuration", "ResponseTargets", "Webhook"):
        schemas[name]["required"] = list(schemas[name]["properties"])
        for field in schemas[name]["properties"].values():
            field.pop("default", None)
