"""Finding JSON objects in what a model writes: bare, fenced, in a list, or with words around."""

import json
import re
from collections.abc import Iterator
from typing import Any

from escalation_app.domain.model_failures import ModelFailed, ModelFailure

OBJECT_CHARACTERS = 8_000
BRACES_AROUND = 1_000

# What some models write before they answer.
_OPEN, _CLOSE = "<think>", "</think>"
_decoder = json.JSONDecoder()
_OBJECT_BEGINS = re.compile(r'\{\s*"')
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")


class ObjectReader:
    """Takes text bit by bit and gives each object as soon as it is complete."""

    def __init__(self) -> None:
        self._pending = ""
        self._past_thoughts = False
        self._braces_skipped = 0
        self._has_found = False

    @property
    def is_inside(self) -> bool:
        return bool(self._pending.strip())

    def read(self, text: str) -> Iterator[dict[str, Any]]:
        """The objects that `text` completes.

        Raises:
            ModelFailed: An object is longer than any of ours, too many braces begin none, or one
                among others is broken: it may not be left out in silence.
        """
        self._pending += text
        # Only a closing brace completes an object, so nothing else is worth trying.
        may_complete = "}" in text
        while self._skip_thoughts() and self._skip_to_object() and may_complete:
            try:
                found, end = _decoder.raw_decode(self._pending)
            except json.JSONDecodeError as error:
                if _may_go_on(error):
                    break
                self._skip_brace()
                continue
            except (ValueError, RecursionError):
                break
            self._pending = self._pending[end:]
            if found:
                self._has_found = True
                yield found
        if len(self._pending) > OBJECT_CHARACTERS:
            raise ModelFailed(ModelFailure.UNUSABLE, "it holds no JSON objects of a sane size")

    def _skip_thoughts(self) -> bool:
        start = self._pending.lstrip()
        if self._past_thoughts or not (start.startswith(_OPEN) or _OPEN.startswith(start)):
            self._past_thoughts = True
        elif _CLOSE in start:
            self._pending = start.partition(_CLOSE)[2]
            self._past_thoughts = True
        elif len(start) > len(_OPEN + _CLOSE):
            self._pending = _OPEN + start[-len(_CLOSE) :]
        return self._past_thoughts

    def _skip_brace(self) -> None:
        """What begins with it is no JSON but words around; among objects, a broken one."""
        if self._has_found and _OBJECT_BEGINS.match(self._pending):
            raise ModelFailed(ModelFailure.UNUSABLE, "it holds broken JSON")
        self._braces_skipped += 1
        if self._braces_skipped > BRACES_AROUND:
            raise ModelFailed(ModelFailure.UNUSABLE, "it holds more braces than JSON")
        self._pending = self._pending[1:]

    def _skip_to_object(self) -> bool:
        start = self._pending.find("{")
        self._pending = self._pending[start:] if start >= 0 else ""
        return bool(self._pending)


def _may_go_on(error: json.JSONDecodeError) -> bool:
    """Whether more text could still make it JSON, as opposed to an error that stands."""
    rest = error.doc[error.pos :]
    return (
        not rest.strip()
        or error.msg.startswith("Unterminated string")
        or ("escape" in error.msg and len(rest) < len(r"\uXXXX"))
        or any(literal.startswith(rest) for literal in _LITERALS)
    )


def after_thoughts(text: str) -> str:
    """A whole answer without what a reasoning model thought aloud before it."""
    return text.rpartition(_CLOSE)[2] if text.lstrip().startswith(_OPEN) else text


def first_object(text: str) -> dict[str, Any] | None:
    """The first object in a whole answer; None for the words that mean there is none.

    Raises:
        ModelFailed
    """
    if after_thoughts(text).strip(" \n`\"'.").casefold() in {"null", "none"}:
        return None
    found = next(ObjectReader().read(text), None)
    if found is None:
        raise ModelFailed(ModelFailure.UNUSABLE, "it holds no whole JSON object")
    return found
