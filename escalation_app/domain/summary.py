"""A summary: sentences that each cite the messages they come from."""

from dataclasses import dataclass
from enum import StrEnum

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
