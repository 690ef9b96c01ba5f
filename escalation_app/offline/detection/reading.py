"""A message as it is read, once: capped, in lower case, cut into clauses; never changed in length."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from escalation_app.domain.detection import Utterance
from escalation_app.offline.detection.lexicon import LANGUAGES, words

# A longer message is read at both ends, where people say what they want.
READ_FROM_START = 3_000
READ_FROM_END = 1_000
# A conversation is judged after each message, and read again each time; so many are remembered.
REMEMBERED = 1_000
Found = TypeVar("Found")
_TOKEN = re.compile(r"\w+(?:'\w+)*")
_SPACE = re.compile(r"\s")
_CLAUSE_END = re.compile(
    r"[.!?;:\n]|, | but | please | actually | tapi | tetapi | pero | because | karena | namun "
)


@dataclass(frozen=True)
class Message:
    """`text` as it was written (capped), `plain` the same length for patterns to run over.

    What was found in it is kept with it: nothing is looked for twice.
    """

    number: int
    text: str
    _found: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def read(utterance: Utterance) -> "Message":
        text = utterance.text
        if len(text) > READ_FROM_START + READ_FROM_END:
            text = f"{text[:READ_FROM_START]}\n{text[-READ_FROM_END:]}"
        return _read(utterance.number, text)

    def once(self, what: Hashable, look: Callable[[], Found]) -> Found:
        """What `look` finds, looked for the first time only."""
        if what not in self._found:
            self._found[what] = look()
        found: Found = self._found[what]
        return found

    @cached_property
    def plain(self) -> str:
        """Lower case where that keeps the length, straight quotes, every space a blank."""
        lowered = self.text.lower()
        if len(lowered) != len(self.text):
            lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)
        return _SPACE.sub(" ", lowered.replace("’", "'"))

    @cached_property
    def tokens(self) -> list[str]:
        return _TOKEN.findall(self.plain)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.tokens)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages it may be written in: all that have as many of their words in it."""
        counts = {
            language: sum(token in words(language).function for token in self.tokens)
            for language in LANGUAGES
        }
        return tuple(sorted(LANGUAGES, key=lambda language: -counts[language]))

    @cached_property
    def is_english(self) -> bool:
        return self.languages[0] == "en" and any(c.isascii() and c.isalpha() for c in self.plain)

    def clause_before(self, at: int) -> str:
        """What stands before this position in the same clause, at most 60 characters."""
        before = self.plain[max(0, at - 60) : at]
        return _CLAUSE_END.split(before)[-1]


@lru_cache(maxsize=REMEMBERED)
def _read(number: int, text: str) -> Message:
    return Message(number, text)
