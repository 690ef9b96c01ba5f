"""Grounding: what a summary's sentence states must stand in the messages that it cites.

Looked up are numbers, amounts with their currency, percentages, dates, weekdays, months, times,
e-mail addresses, telephone numbers, links and identifiers. Numbers in words are read in the
languages of `number_words`; before the currencies of some others they are doubted unless they stand
there literally. What can't be checked this way: numbers in words of further languages, one and
other words that mostly say something else, signs and negations ("was not refunded"), statuses, who
did it, units other than currencies, and names. A sentence without a doubt is therefore consistent
in its figures, not proven.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from escalation_app.domain.detection import Utterance
from escalation_app.domain.grounding.facts import Fact, facts
from escalation_app.domain.summary import SUMMARY_LIMIT, SummarySentence

# So many of the claims that fail are named; a person needs no more to see what to doubt.
NAMED_DOUBTS = 3

_CITATION = re.compile(
    r"[\[(（](?:(?:messages?|msg|pesan|消息)\s?)?[#\d\s,;&-]{1,60}(?:(?:and|dan)\s\d{1,6})?[\])）]"
    r"|\b(?:messages?|pesan)\s#?\d{1,6}\b(?!\s(?:times|kali)\b)|消息\s?\d{1,6}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one message says, and its words as they stand."""

    keys: frozenset[str]
    words: str

    @classmethod
    def of(cls, text: str) -> "_Evidence":
        return cls(frozenset().union(*(fact.says for fact in facts(text))), _spaced(text))


class Grounding:
    """The conversation as evidence; each message is read once, when it is first cited."""

    def __init__(self, conversation: Sequence[Utterance]) -> None:
        self._texts = {utterance.number: utterance.text for utterance in conversation}
        self._read: dict[int, _Evidence] = {}

    def check(self, sentence: SummarySentence) -> SummarySentence:
        """The sentence with its `doubt` in words, or with "" if all that it states was found."""
        return replace(sentence, doubt=" ".join(_doubts(sentence, self)))

    def has(self, number: int) -> bool:
        return number in self._texts

    def evidence(self, number: int) -> _Evidence:
        if number not in self._read:
            self._read[number] = _Evidence.of(self._texts[number])
        return self._read[number]


def _doubts(sentence: SummarySentence, said: Grounding) -> list[str]:
    if not sentence.cites:
        return ["No message is cited."]
    cited = list(dict.fromkeys(sentence.cites))
    missing = [number for number in cited if not said.has(number)]
    existing = [number for number in cited if said.has(number)]
    doubts = [f"{_messages(missing)} {_do(missing)} not exist."] if missing else []
    if len(sentence.text) > SUMMARY_LIMIT:
        return [*doubts, "The sentence is too long to be checked."]
    if existing:
        failing = _failing(sentence, [said.evidence(number) for number in existing])
        doubts += [_not_found(failing, existing)] if failing else []
    return doubts


def _failing(sentence: SummarySentence, evidence: list[_Evidence]) -> list[str]:
    known = frozenset().union(*(one.keys for one in evidence))
    marks = _citation_marks(sentence)
    return list(
        dict.fromkeys(
            sentence.text[fact.start : fact.end].strip()
            for fact in facts(sentence.text)
            if fact.readings
            and not any(reading <= known for reading in fact.readings)
            and not any(start <= fact.start < end for start, end in marks)
            and not _stands_literally(sentence.text, fact, evidence)
        )
    )


def _citation_marks(sentence: SummarySentence) -> list[tuple[int, int]]:
    """Where the text itself points at messages that the sentence cites: “(message 3)”, “[3]”."""
    return [
        match.span()
        for match in _CITATION.finditer(sentence.text)
        if {int(number) for number in re.findall(r"\d{1,9}", match.group())} <= {*sentence.cites}
    ]


def _stands_literally(text: str, fact: Fact, evidence: list[_Evidence]) -> bool:
    """Whether the words around the fact stand so, space to space, in a cited message."""
    start = max(text.rfind(" ", 0, fact.start + 1), 0)
    end = text.find(" ", fact.end - 1)
    words = _spaced(text[start : end if end >= 0 else len(text)])
    return any(words in one.words for one in evidence)


def _spaced(text: str) -> str:
    return f" {' '.join(text.split())} "


def _not_found(failing: list[str], cited: list[int]) -> str:
    named = [f"“{_short(text)}”" for text in failing[:NAMED_DOUBTS]]
    more = len(failing) - len(named)
    subject = _listed([*named, f"{more} more"] if more else named)
    return f"{subject} {'is' if len(failing) == 1 else 'are'} not in {_messages(cited).lower()}."


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _messages(numbers: list[int]) -> str:
    shown = [*map(str, numbers[:5]), *(["others"] if len(numbers) > 5 else [])]
    return f"{'Message' if len(numbers) == 1 else 'Messages'} {_listed(shown)}"


def _do(numbers: list[int]) -> str:
    return "does" if len(numbers) == 1 else "do"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
