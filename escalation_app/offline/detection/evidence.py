"""Where a signal shows in a message, and where the user denies it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from escalation_app.offline.detection.lexicon import LANGUAGES, NOTHING, Words, words
from escalation_app.offline.detection.reading import Message
from escalation_app.offline.detection.signals import Signal
from escalation_app.offline.quoting import quote

# How far a refusal reaches, in characters: "I don't want to be put through to a human".
REACH = 40
# The strength of what may be meant though the words say something else.
GUESSED = 0.5
_ONLY = " only| just| hanya| cuma"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a message. `strength` is 1 for words that say it outright, more for several, GUESSED
    at the least.
    """

    message: Message
    start: int
    end: int
    strength: float
    is_agents: bool = False

    def quote(self, room: int) -> str:
        """What stands there, in at most so many characters."""
        return quote(self.message.text, self.start, self.end, room)


@dataclass(frozen=True, slots=True)
class Finding:
    start: int
    end: int
    denied: bool
    language: str


def findings(message: Message, signal: str, *, hints: bool = False) -> Sequence[Finding]:
    """Every place where the lexicon finds the signal, in any of its languages."""
    return message.once((signal, hints), lambda: tuple(_findings(message, signal, hints)))


def _findings(message: Message, signal: str, hints: bool) -> Iterator[Finding]:
    for language in LANGUAGES:
        patterns = words(language).hinted if hints else words(language).said
        for hit in patterns.get(signal, NOTHING).finditer(message.plain):
            denied = is_denied(message, signal, *hit.span())
            yield Finding(*hit.span(), denied, language)


def is_denied(message: Message, signal: str, start: int, end: int) -> bool:
    """The user says that it is not so, is somebody else's, or only might be.

    In any language: "gak minta refund" denies with Indonesian words what English ones ask for.
    """
    before = message.clause_before(start)
    if not before.strip():
        return False
    if _is_wish(signal):
        refusals = _refused_wish().finditer(before + message.plain[start:end])
        return any(hit.start() < len(before) <= hit.end() + REACH for hit in refusals)
    if _negated().search(before):
        return True
    return signal == Signal.ANGER and bool(_elsewhere().search(before))


def first(message: Message, signal: str, *, denied: bool = False) -> Evidence | None:
    """The first place that says so, or with `denied`, the first that denies it."""
    for finding in findings(message, signal):
        if finding.denied is denied:
            return Evidence(message, finding.start, finding.end, 1.0)
    return None


def _is_wish(signal: str) -> bool:
    return signal in set(Signal) and Signal(signal).is_wish


@cache
def _refused_wish() -> re.Pattern[str]:
    """ "I don't want …", "no need for …"; but "I can't ask for …" is still a wish."""
    spaced, unspaced = _spaced(), _unspaced()
    refusals = [
        rf"(?!can)(?:{each.negation})(?!{_ONLY})(?: \S+){{0,2}}? (?:{each.wish})|{each.instead}"
        for each in spaced
    ]
    refusals_unspaced = [rf"(?:{each.negation})(?:{each.wish})|{each.instead}" for each in unspaced]
    return re.compile(rf"(?<!\w)(?:{'|'.join(refusals)})(?!\w)|{'|'.join(refusals_unspaced)}")


@cache
def _negated() -> re.Pattern[str]:
    """A negation in the few words before."""
    spaced = "|".join(each.negation for each in _spaced())
    unspaced = "|".join(each.negation for each in _unspaced())
    return re.compile(rf"(?<!\w)(?:{spaced})(?!{_ONLY})(?: \S+){{0,3}} ?$|(?:{unspaced}).{{0,2}}$")


@cache
def _elsewhere() -> re.Pattern[str]:
    """Anger that is another person's, past, or feared."""
    others = "|".join(each.other for each in _spaced())
    unreal = "|".join(each.unreal for each in _spaced())
    unspaced = "|".join(each.other for each in _unspaced())
    return re.compile(
        rf"(?<!\w)(?:(?:{others}) ?$|(?:{unreal})(?!\w)(?: \S+){{0,3}} ?$)|(?:{unspaced})$"
    )


def _spaced() -> list[Words]:
    return [words(language) for language in LANGUAGES if words(language).spaced]


def _unspaced() -> list[Words]:
    return [words(language) for language in LANGUAGES if not words(language).spaced]
