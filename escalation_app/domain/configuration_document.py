"""The bundle as JSON: strict both ways, unknown fields refused, with a format number."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_refusals import (
    FieldProblem,
    InvalidConfiguration,
    too_long,
)

FORMAT: Literal[1] = 1
# To name more would take longer than anybody reads.
MOST_UNREADABLE = 1_000
TOO_MANY = (
    f"More than {MOST_UNREADABLE:,} fields can't be taken. Is this a draft as the desk tells it?"
)
# No list of a bundle may be longer than that of its supervisors.
LONGEST_LIST = 1_000


@dataclass(frozen=True, slots=True)
class _Document:
    """What is stored. A later format gets another number and a reader of its own."""

    # Holds for the dataclasses inside it, too.
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    format: Literal[1]
    configuration: Configuration


_DOCUMENT: TypeAdapter[_Document] = TypeAdapter(_Document)
_IN_WORDS = {
    "missing": "This field is missing.",
    "unexpected_keyword_argument": "This field is not known.",
    "enum": "This is not one of the values that are known.",
    "string_type": "This must be text.",
    "bool_type": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "tuple_type": "This must be a list.",
}


def to_json(configuration: Configuration) -> str:
    return _DOCUMENT.dump_json(_Document(FORMAT, configuration)).decode()


@lru_cache(maxsize=64)
def from_json(text: str) -> Configuration:
    """The bundle of a stored text. Kept by the text itself, so it can't be an old one."""
    return _DOCUMENT.validate_json(text).configuration


def as_document(configuration: Configuration) -> dict[str, Any]:
    """Plain lists and dictionaries, as `parse` reads them."""
    document = _DOCUMENT.dump_python(_Document(FORMAT, configuration), mode="json")
    bundle: dict[str, Any] = document["configuration"]
    return bundle


def parse(document: object) -> Configuration:
    """The bundle of plain lists and dictionaries from outside.

    Raises:
        InvalidConfiguration: Fields are missing, unknown or of the wrong kind; it names them all,
            unless a list is longer than any may be: of that it names only the list.
    """
    crowded = list(_crowded(document, ""))
    if crowded:
        raise InvalidConfiguration(crowded)
    problems = [*_missing(document), *_half_characters(document, "")]
    try:
        text = json.dumps({"format": FORMAT, "configuration": document})
        configuration = _DOCUMENT.validate_json(text).configuration
    except ValidationError as error:
        if error.error_count() > MOST_UNREADABLE:
            raise InvalidConfiguration([FieldProblem("", TOO_MANY)]) from None
        # Where a half character keeps the whole from being read, that was told already.
        read = [one for one in error.errors() if one["type"] != "json_invalid" or not problems]
        raise InvalidConfiguration([*problems, *map(_problem, read)]) from None
    if problems:
        raise InvalidConfiguration(problems)
    return configuration


def _crowded(value: object, field: str) -> Iterator[FieldProblem]:
    """Lists so long that to say what is wrong with each of their members would take all day."""
    match value:
        case list() if len(value) > LONGEST_LIST:
            yield too_long(field, LONGEST_LIST)
        case list():
            for number, item in enumerate(value):
                yield from _crowded(item, f"{field}.{number}".lstrip("."))
        case dict():
            for name, item in value.items():
                yield from _crowded(item, f"{field}.{name}".lstrip("."))


def _missing(document: object) -> Iterator[FieldProblem]:
    """Fields with a default, too: a document without supervisors must not end everybody's rights."""
    if not isinstance(document, dict):
        return
    for name, default in as_document(Configuration()).items():
        if name not in document:
            yield FieldProblem(name, _IN_WORDS["missing"])
        elif isinstance(default, dict) and isinstance(document[name], dict):
            for part in default:
                if part not in document[name]:
                    yield FieldProblem(f"{name}.{part}", _IN_WORDS["missing"])


def _problem(error: Any) -> FieldProblem:
    # The first part is the envelope's.
    field = ".".join(str(part) for part in error["loc"][1:])
    return FieldProblem(field, _IN_WORDS.get(error["type"], f"{error['msg']}."))


def _half_characters(value: object, field: str) -> Iterator[FieldProblem]:
    """JSON can't carry a lone surrogate, so it has to be found before."""
    match value:
        case str() if any("\ud800" <= character <= "\udfff" for character in value):
            yield FieldProblem(field, "This contains half a character (a lone surrogate).")
        case list():
            for number, item in enumerate(value):
                yield from _half_characters(item, f"{field}.{number}".lstrip("."))
        case dict():
            for name, item in value.items():
                whole = str(name).encode(errors="replace").decode()
                yield from _half_characters(item, f"{field}.{whole}".lstrip("."))
