"""What comes over the wire: as little of the chat completion format as the desk needs."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from escalation_app.domain.model_failures import ModelFailed, ModelFailure


class _Text(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _WholeChoice(BaseModel):
    message: _Text
    finish_reason: str | None = None


class _WholeAnswer(BaseModel):
    choices: list[_WholeChoice] = Field(min_length=1)


class _PartChoice(BaseModel):
    delta: _Text = _Text()
    finish_reason: str | None = None


class _Part(BaseModel):
    choices: list[_PartChoice] = []
    error: Any = None


_Model = TypeVar("_Model", bound=BaseModel)


def read_answer(body: bytes) -> str:
    """The text of a whole answer.

    Raises:
        ModelFailed
    """
    if not body.strip():
        raise ModelFailed(ModelFailure.UNUSABLE, "it is empty")
    choice = _read(_WholeAnswer, body).choices[0]
    text = _text(choice.message)
    _must_be_complete(choice.finish_reason)
    if not text.strip():
        raise ModelFailed(ModelFailure.UNUSABLE, "it is empty")
    return text


def read_part(data: bytes) -> tuple[str, bool]:
    """The text of one event of a stream, and whether it was the last.

    Raises:
        ModelFailed
    """
    part = _read(_Part, data)
    if part.error is not None:
        raise ModelFailed(ModelFailure.BROKEN, "it reported an error in the middle of its answer")
    if not part.choices:
        return "", False
    choice = part.choices[0]
    _must_be_complete(choice.finish_reason)
    return _text(choice.delta), choice.finish_reason is not None


def read_json(text: str | bytes) -> Any:
    """JSON from a stranger: too deep or with numbers too long is as bad as broken.

    Raises:
        ModelFailed
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        # The cause holds the text, which belongs into no log.
        raise ModelFailed(ModelFailure.UNUSABLE, "it is not whole JSON") from None


def _read(model: type[_Model], data: bytes) -> _Model:
    try:
        return model.model_validate(read_json(data))
    except ValidationError:
        raise ModelFailed(ModelFailure.UNUSABLE, "it is no chat completion") from None


def _text(message: _Text) -> str:
    if message.refusal:
        raise ModelFailed(ModelFailure.REFUSED, "it declined to answer")
    return message.content or ""


def _must_be_complete(finish_reason: str | None) -> None:
    if finish_reason == "length":
        raise ModelFailed(ModelFailure.CUT_OFF, "it ran out of its own length")
    if finish_reason == "content_filter":
        raise ModelFailed(ModelFailure.REFUSED, "its content filter stepped in")
