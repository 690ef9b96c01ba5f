"""Where a signal shows in a message, and where the user denies it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from escalation_app.offline.detection.lexicon import LANGUAGES, NOTHING, words
from escalation_app.offline.detection.reading import Message
from escalation_app.offline.detection.signals import Signal

# How far a refusal reaches: "I don't want to be put through to a human".
WORDS_APART = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """`strength` is 1 for words that say it outright, less for a hint, more for several."""

    message: int
    quote: str
    strength: float


@dataclass(frozen=True, slots=True)
class Finding:
    start: int
    end: int
    denied: bool


def findings(message: Message, signal: str, *, hints: bool = False) -> Iterator[Finding]:
    """Every place where the lexicon finds the signal, in any of its languages."""
    for language in LANGUAGES:
        patterns = words(language).hinted if hints else words(language).said
        for hit in patterns.get(signal, NOTHING).finditer(message.plain):
            denied = is_denied(message, language, signal, hit.start(), hit.end())
            yield Finding(hit.start(), hit.end(), denied)


def is_denied(message: Message, language: str, signal: str, start: int, end: int) -> bool:
    """The user says that it is not so, is somebody else's, or only might be."""
    before = message.clause_before(start)
    if not before.strip():
        return False
    if _is_wish(signal):
        refusals = _refused_wish(language).finditer(before + message.plain[start:end])
        return any(hit.start() < len(before) <= hit.end() + WORDS_APART * 8 for hit in refusals)
    if _negated(language).search(before):
        return True
    return signal == Signal.ANGER and bool(_elsewhere(language).search(before))


def first(message: Message, signal: str, *, denied: bool = False) -> Evidence | None:
    """The first place that says so, or with `denied`, the first that denies it."""
    for finding in findings(message, signal):
        if finding.denied is denied:
            return Evidence(message.number, message.quote(finding.start, finding.end), 1.0)
    return None


def _is_wish(signal: str) -> bool:
    return signal in set(Signal) and Signal(signal).is_wish


@cache
def _refused_wish(language: str) -> re.Pattern[str]:
    """ "I don't want …", "no need for …"; but "I can't ask for …" is still a wish."""
    vocabulary = words(language)
    if not vocabulary.spaced:
        return re.compile(rf"(?:{vocabulary.negation})(?:{vocabulary.wish})|{vocabulary.instead}")
    negation = rf"(?!can)(?:{vocabulary.negation})(?! only| just| hanya| cuma)"
    refusal = rf"{negation}(?: \S+){{0,2}}? (?:{vocabulary.wish})"
    return re.compile(rf"(?<!\w)(?:{refusal}|{vocabulary.instead})(?!\w)")


@cache
def _negated(language: str) -> re.Pattern[str]:
    """A negation in the few words before."""
    vocabulary = words(language)
    if not vocabulary.spaced:
        return re.compile(rf"(?:{vocabulary.negation}).{{0,2}}$")
    negation = rf"(?:{vocabulary.negation})(?! only| just| hanya| cuma)"
    return re.compile(rf"(?<!\w){negation}(?: \S+){{0,3}} ?$")


@cache
def _elsewhere(language: str) -> re.Pattern[str]:
    """Anger that is another person's, past, or feared."""
    vocabulary = words(language)
    if not vocabulary.spaced:
        return re.compile(rf"{vocabulary.other}$")
    return re.compile(
        rf"(?<!\w)(?:{vocabulary.other} ?$|(?:{vocabulary.unreal})(?!\w)(?: \S+){{0,3}} ?$)"
    )
