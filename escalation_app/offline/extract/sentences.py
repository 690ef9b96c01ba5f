"""The sentences of a conversation, verbatim, and no more of it than a summary needs to read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from escalation_app.domain.detection import Utterance
from escalation_app.domain.vocabulary import Speaker

# Of a long conversation the beginning and the end are read, and so of a long message: there
# stand the wish and the latest state. What is left out does not cost time or memory.
FIRST_MESSAGES, LAST_MESSAGES = 50, 150
FIRST_CHARACTERS, LAST_CHARACTERS = 2_000, 500

# A sentence ends at its full stop and a space, at a full-width one at once, or with its line.
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]*_]{0,3}(?=\s)|[。！？][”’」』）]{0,3}|[\r\n]")
_NO_END = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|nr|rp|rs|vs|approx|e\.g|i\.e|etc|inc|ltd|jl|bpk|sdr|[a-z])"
    r"|^\W*\d{1,2})\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`place` runs from 0 at the beginning of the conversation to 1 at its end."""

    text: str
    number: int
    speaker: Speaker
    place: float


def sentences(conversation: Sequence[Utterance]) -> list[Sentence]:
    """Those of the part that is read, in order."""
    read = _ends(conversation, FIRST_MESSAGES, LAST_MESSAGES)
    last = max(len(read) - 1, 1)
    return [
        Sentence(text, utterance.number, utterance.speaker, position / last)
        for position, utterance in enumerate(read)
        for text in _split(utterance.text)
    ]


def _ends(whole: Sequence[Utterance], first: int, last: int) -> list[Utterance]:
    return [*whole] if len(whole) <= first + last else [*whole[:first], *whole[-last:]]


def _split(text: str) -> Iterator[str]:
    if len(text) <= FIRST_CHARACTERS + LAST_CHARACTERS:
        yield from _sentences(text)
        return
    # The sentence that a cut goes through is not quoted in half.
    yield from list(_sentences(text[:FIRST_CHARACTERS]))[:-1] or [text[:FIRST_CHARACTERS].strip()]
    yield from list(_sentences(text[-LAST_CHARACTERS:]))[1:]


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        sentence = text[start:end].strip()
        if _NO_END.search(sentence[-12:]) and end < len(text) and text[end - 1] not in "\r\n":
            continue
        if sentence:
            yield sentence
        start = end
