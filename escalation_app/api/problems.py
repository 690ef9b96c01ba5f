"""Every no of the API as a problem detail (RFC 9457): one table from refusal to status."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from escalation_app import request_context
from escalation_app.api.refusals import (
    MOST_ERRORS,
    BodyTooLarge,
    BodyTooSlow,
    ForeignOrigin,
    InvalidFields,
    KeyMissing,
    NotJson,
    TooManyRequests,
    WrongMediaType,
)
from escalation_app.domain import configuration_refusals as configuration
from escalation_app.domain import refusals
from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.snapshots import iso
from escalation_app.domain.text import without_unstorable

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="escalation desk"'
PLACES = frozenset({"body", "query", "path", "header"})
FIELD_LENGTH = 200


STATUS: dict[type[Refusal], int] = {
    KeyMissing: 401,
    refusals.KeyRefused: 401,
    refusals.NotSignedIn: 401,
    refusals.SignInRefused: 401,
    refusals.NotPermitted: 403,
    ForeignOrigin: 403,
    refusals.NoSuchCase: 404,
    refusals.NoSuchConversation: 404,
    refusals.NoSuchKey: 404,
    refusals.NoSuchDelivery: 404,
    configuration.NoSuchVersion: 404,
    configuration.NoSecret: 404,
    refusals.AlreadyClaimed: 409,
    refusals.AlreadyCompleted: 409,
    refusals.AlreadyEscalated: 409,
    refusals.NotYours: 409,
    refusals.WebhookIsOff: 409,
    refusals.RequestDiffers: 409,
    configuration.SettingsChangedMeanwhile: 409,
    configuration.NothingToPublish: 409,
    configuration.SecretUnreadable: 409,
    NotJson: 400,
    BodyTooSlow: 408,
    BodyTooLarge: 413,
    WrongMediaType: 415,
    InvalidFields: 422,
    refusals.InvalidInput: 422,
    configuration.InvalidConfiguration: 422,
    refusals.TooManyAttempts: 429,
    refusals.TooManyDeeds: 429,
    TooManyRequests: 429,
    refusals.DeskUnavailable: 503,
    refusals.DiskFull: 503,
    refusals.OutcomeUnknown: 503,
    refusals.NotJudgedYet: 503,
    ModelFailed: 503,
    configuration.SecretKeyMissing: 503,
}

_IN_WORDS = {
    "missing": "This field is missing.",
    "extra_forbidden": "This field is not known.",
    "string_type": "This must be text.",
    "string_unicode": "This contains half a character (a lone surrogate).",
    "string_too_short": "This must not be empty.",
    "bool_type": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "dict_type": "This must be an object.",
    "list_type": "This must be a list.",
    "model_attributes_type": "This must be an object.",
}


class FieldError(BaseModel):
    field: str = Field(description="Its path, such as `conversation.messages.0.role`.")
    reason: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). Some problems have further members, named where they occur."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Which problem it is, for programs.")
    title: str
    status: int
    detail: str = Field(description="What is wrong, for a person.")
    errors: list[FieldError] | None = Field(
        default=None, description="With 422: which fields can't be taken, and why."
    )
    request_id: str | None = Field(
        default=None, description="What the desk's log names the request by, as `X-Request-ID`."
    )


def install(app: FastAPI) -> None:
    """Let the framework's own refusals be told in the same way."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


def answer(refusal: Refusal) -> JSONResponse:
    """The problem detail of a refusal; one without a status of its own is a fault of ours."""
    status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(refusal).__name__).capitalize()
    slug = words.lower().replace(" ", "-")
    members = _members(refusal)
    response = _response(status, f"urn:escalation-desk:{slug}", words, str(refusal), members)
    response.headers.update(_headers(refusal, status))
    return response


def _headers(refusal: Refusal, status: int) -> dict[str, str]:
    match refusal, status:
        case TooManyRequests(), _:
            return {"Retry-After": str(refusal.retry_after)}
        case refusals.KeyRefused(), _:
            return {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
        case _, 401:
            return {"WWW-Authenticate": CHALLENGE}
        case _, 503:
            return {"Retry-After": "5"}
        case _:
            return {}


def _members(refusal: Refusal) -> dict[str, Any]:
    """What a program may want to know besides the sentence."""
    match refusal:
        case refusals.AlreadyClaimed():
            return {"claimed_by": refusal.claimed_by, "claimed_at": iso(refusal.claimed_at)}
        case refusals.AlreadyEscalated():
            return {"escalation_id": refusal.escalation_id}
        case refusals.InvalidInput():
            return {"errors": _errors([(refusal.field, str(refusal))])}
        case InvalidFields():
            return {"errors": _errors(refusal.errors)}
        case configuration.InvalidConfiguration():
            return {"errors": _errors((one.field, one.sentence) for one in refusal.problems)}
        case configuration.SettingsChangedMeanwhile():
            return {
                "revision": refusal.revision,
                "saved_by": refusal.saved_by,
                "saved_at": iso(refusal.saved_at),
                "changes": [asdict(change) for change in refusal.changes],
            }
        case _:
            return {}


def _errors(errors: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"field": field, "reason": reason} for field, reason in errors][:MOST_ERRORS]


async def _refused(_request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    return answer(refusal)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return answer(InvalidFields(_field_error(one) for one in error.errors()))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    detail = {
        404: "There is nothing at this address. The API is described at /api/docs.",
        405: "This address does not know this method. The API is described at /api/docs.",
    }.get(error.status_code, str(error.detail))
    response = _response(error.status_code, "about:blank", title, detail, {})
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_methods_at(request))
    return response


def _methods_at(request: Request) -> list[str]:
    """All that the address knows; the framework names only those of the first route there."""
    paths = request.app.openapi()["paths"].items()
    here = (item for path, item in paths if compile_path(path)[0].match(request.url.path))
    methods = {method.upper() for item in here for method in item}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


async def _failed(_request: Request, _error: Exception) -> JSONResponse:
    detail = "The desk has a fault of its own, which was logged. Please try again later."
    return _response(500, "about:blank", "Internal Server Error", detail, {})


def _field_error(error: Mapping[str, Any]) -> tuple[str, str]:
    """The path within the body or the query, and the reason in words."""
    inside = error["loc"][1:] if error["loc"][0] in PLACES else error["loc"]
    field = without_unstorable(".".join(str(part) for part in inside))[:FIELD_LENGTH] or "body"
    if error["type"] == "value_error":
        return field, str(error["ctx"]["error"])
    return field, _IN_WORDS.get(error["type"], f"{error['msg']}.")


def _response(
    status: int, kind: str, title: str, detail: str, members: Mapping[str, Any]
) -> JSONResponse:
    content = {"type": kind, "title": title, "status": status, "detail": detail, **members}
    if context := request_context.current():
        content["request_id"] = context.id
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)
