"""The sentences of a conversation, verbatim, and no more of it than a summary needs to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from escalation_app.domain.detection import Utterance
from escalation_app.domain.vocabulary import Speaker
from escalation_app.offline.quoting import sentence_spans

# Of a long conversation the beginning and the end are read, and so of a long message: there
# stand the wish and the latest state. What is left out does not cost time or memory.
FIRST_MESSAGES, LAST_MESSAGES = 50, 150
FIRST_CHARACTERS, LAST_CHARACTERS = 2_000, 500


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
    return (text[start:end].strip() for start, end in sentence_spans(text))
