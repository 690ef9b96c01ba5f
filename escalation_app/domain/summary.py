"""A summary: sentences that each cite the messages they come from."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

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
