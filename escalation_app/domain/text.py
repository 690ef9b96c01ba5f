"""What counts as text here: anything a person can write, except what no database can keep."""

from escalation_app.domain.refusals import InvalidInput

MESSAGE_LIMIT = 100_000
NOTE_LIMIT = 10_000
NAME_LIMIT = 120


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
    """Like `storable`, but trimmed and never empty."""
    text = storable(value, field, limit=limit).strip()
    if not text:
        raise InvalidInput(field, f"{field} must not be empty.")
    return text


def optional(value: object, field: str, *, limit: int = NOTE_LIMIT) -> str:
    """Like `storable`, trimmed; nothing given is empty text."""
    return storable("" if value is None else value, field, limit=limit).strip()
