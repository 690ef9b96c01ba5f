"""What a search looks at, and what it looks for, both folded in the same way."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Integer, Text
from sqlmodel import Field, SQLModel

# Enough for what people write; a pasted log does not swell the index.
FIELD_LIMIT = 10_000
DOCUMENT_LIMIT = 200_000
_ACCENTS = re.compile("[\u0300-\u036f]")
_CASE_NUMBER = re.compile(r"#?([0-9]{1,9})")


def folded(text: str) -> str:
    """The text without case and accents: "ПРИВЕТ" and "привет", "José" and "jose" are the same."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return unicodedata.normalize("NFC", bare)


def document(fields: Iterable[str]) -> str:
    """One text to search: a field a line, the beginning of each."""
    return "\n".join(folded(field[:FIELD_LIMIT]) for field in fields)[:DOCUMENT_LIMIT]


class SearchDocument(SQLModel, table=True):
    """What a case is found by: its reason, its profile's name and what was said, folded."""

    __tablename__ = "search_document"

    escalation_id: int = Field(
        sa_column=Column(
            Integer,
            ForeignKey("escalation.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        )
    )
    text: str = Field(sa_column=Column(Text, nullable=False))


@dataclass(frozen=True, slots=True)
class Search:
    """Words that must all occur, each anywhere; or the number of a case."""

    words: tuple[str, ...]
    case_id: int | None = None

    @classmethod
    def of(cls, text: str) -> "Search":
        number = _CASE_NUMBER.fullmatch(text.strip())
        # Of accents alone nothing is left when folded; as they are they occur nowhere.
        words = tuple(dict.fromkeys(folded(text).split())) or (text,)
        return cls(words, int(number[1]) if number else None)
