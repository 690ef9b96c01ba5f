"""What counts as text here: anything a person can write, except what no database can keep."""

from typing import Any

from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.visibility import is_visible

MESSAGE_LIMIT = 100_000
NOTE_LIMIT = 10_000
NAME_LIMIT = 120
PROFILE_DEPTH = 8
PROFILE_VALUES = 500


def storable(value: object, field: str, *, limit: int = MESSAGE_LIMIT) -> str:
    """Return the text unchanged.

    Raises:
        InvalidInput: It is not text, is longer than `limit` characters, or holds NUL or a
            lone surrogate, which PostgreSQL and UTF-8 can't store.
    """
    if not isinstance(value, str):
        raise InvalidInput(field, f"{field} must be text.")
    if len(value) > limit:
        raise InvalidInput(field, f"{field} is longer than {limit:,} characters.")
    if "\x00" in value:
        raise InvalidInput(field, f"{field} contains a NUL character, which can't be stored.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput(field, f"{field} contains half a character (a lone surrogate).")
    return value


def without_unstorable(text: str) -> str:
    """For text that is not ours to refuse: NUL and lone surrogates are left out."""
    return "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff")


def required(value: object, field: str, *, limit: int = NOTE_LIMIT) -> str:
    """Like `storable`, but trimmed and never empty to the eye."""
    text = storable(value, field, limit=limit).strip()
    if not is_visible(text):
        raise InvalidInput(field, f"{field} must not be empty.")
    return text


def optional(value: object, field: str, *, limit: int = NOTE_LIMIT) -> str:
    """Like `storable`, trimmed; nothing given is empty text."""
    return storable("" if value is None else value, field, limit=limit).strip()


def storable_profile(value: object, field: str = "profile") -> dict[str, Any]:
    """Return a profile unchanged: JSON of a size that a person can read.

    Raises:
        InvalidInput: It is no object, is nested deeper than PROFILE_DEPTH, has more than
            PROFILE_VALUES values, or holds text that can't be stored.
    """
    if not isinstance(value, dict):
        raise InvalidInput(field, f"{field} must be an object.")
    left = [PROFILE_VALUES]

    def look(one: object, depth: int) -> None:
        left[0] -= 1
        if depth > PROFILE_DEPTH or left[0] < 0:
            raise InvalidInput(field, f"{field} is nested too deeply or has too many values.")
        if isinstance(one, dict):
            for key, inner in one.items():
                storable(key, field, limit=NOTE_LIMIT)
                look(inner, depth + 1)
        elif isinstance(one, list):
            for inner in one:
                look(inner, depth + 1)
        elif isinstance(one, str):
            storable(one, field, limit=NOTE_LIMIT)
        elif one is not None and not isinstance(one, bool | int | float):
            raise InvalidInput(field, f"{field} holds something that is not JSON.")

    look(value, 0)
    return value


def tag(value: object, field: str) -> str:
    """A topic or an area: like `required`, without commas, since addresses list tags with them."""
    name = required(value, field, limit=NAME_LIMIT)
    if "," in name:
        raise InvalidInput(field, f"{field} must not contain a comma.")
    return name
