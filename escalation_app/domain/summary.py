"""A summary: sentences that each cite the messages they come from."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.detection import Utterance

# The length that a detail pane shows without scrolling; the whole summary, in characters.
SUMMARY_LIMIT = 1_270


class SummarySource(StrEnum):
    AI = "ai"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """`cites` are message numbers. `doubt` says in words why it is unverified; "" if it is not."""

    text: str
    cites: tuple[int, ...]
    doubt: str = ""


class Summarizer(Protocol):
    def summarize(
        self, conversation: Sequence[Utterance], language: str, code: str = ""
    ) -> AsyncGenerator[SummarySentence, None]:
        """Sentences as they are written, unchecked, at most SUMMARY_LIMIT characters in all.

        `language` is its own name; with its ISO 639 `code`, an answer in another one fails.
        Close it (`contextlib.aclosing`) to hang up early.

        Raises:
            ModelFailed: It broke off after what was yielded, or nothing came at all.
        """


class Summary(SQLModel, table=True):
    """One summary of a case as it was made. Shown is the one that read the most messages."""

    __tablename__ = "summary"
    __table_args__ = (Index("ix_summary_case", "escalation_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    escalation_id: int = Field(
        sa_column=Column(Integer, ForeignKey("escalation.id"), nullable=False)
    )
    language: str = Field(sa_column=Column(String(10), nullable=False))
    source: SummarySource = Field(sa_column=Column(EnumText(SummarySource), nullable=False))
    # Each with `text`, `cites` and `doubt`.
    content: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    # How many messages there were: one more, and the summary is stale.
    message_count: int = Field(sa_column=Column(Integer, nullable=False))
    made_by: str = Field(sa_column=Column(String(120), nullable=False))
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    @property
    def sentences(self) -> tuple[SummarySentence, ...]:
        return tuple(
            SummarySentence(one["text"], tuple(one["cites"]), one["doubt"]) for one in self.content
        )
