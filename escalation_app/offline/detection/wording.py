"""Likeness of wording, for conditions that speak of something the lexicon has no name for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import snowballstemmer

from escalation_app.offline.detection.evidence import Evidence
from escalation_app.offline.detection.lexicon import words
from escalation_app.offline.detection.reading import Message

_WORD = re.compile(r"[^\W_]+(?:'\w+)?")
# Of four words or more, this share must be met; of fewer, all but one of three.
ENOUGH = 0.6
LOOKED_BACK = 4


@dataclass(frozen=True, slots=True)
class Wording:
    """The telling words of a condition, as stems."""

    stems: frozenset[str]
    negates: bool = False

    @classmethod
    def of(cls, text: str) -> "Wording":
        return cls(frozenset(stems(text)), negates=is_negated(f"{text} "))

    @property
    def needed(self) -> int:
        count = len(self.stems)
        return count if count <= 2 else 2 if count == 3 else round(count * ENOUGH)


def likeness(wording: Wording, messages: Sequence[Message]) -> Evidence | None:
    """The message that says it, if the last message says part and the last few say enough."""
    if not wording.stems or not messages:
        return None
    met: set[str] = set()
    best: Evidence | None = None
    for message in reversed(messages[-LOOKED_BACK:]):
        found = places(message, wording.stems, even_negated=wording.negates)
        met.update(found)
        if best is None:
            if not found:
                return None
            start, end = min(found.values())[0], max(found.values())[1]
            best = Evidence(message, start, min(end, start + 70), 0.9)
        if len(met) >= wording.needed:
            return best
    return None


def places(
    message: Message, wanted: Iterable[str], *, even_negated: bool = False
) -> dict[str, tuple[int, int]]:
    """Where each of the wanted stems stands first, not counting "not broken"."""
    said = message.once("stems", lambda: _spans(message))
    found: dict[str, tuple[int, int]] = {}
    for stem in wanted:
        for start, end in said.get(stem, ()):
            if even_negated or not _is_negated_at(message, start):
                found[stem] = start, end
                break
    return found


def _spans(message: Message) -> dict[str, list[tuple[int, int]]]:
    """Where each stem stands."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for word in _WORD.finditer(message.plain):
        for stem in stem_of(word.group()):
            spans.setdefault(stem, []).append(word.span())
    return spans


def _is_negated_at(message: Message, at: int) -> bool:
    return message.once(
        ("negated", at), lambda: bool(_just_negated().search(message.clause_before(at)))
    )


def is_negated(text: str) -> bool:
    return bool(_any_negation().search(text.lower().replace("’", "'")))


def stems(text: str) -> list[str]:
    """The stems of a condition's telling words, one for each."""
    plain = text.lower().replace("’", "'")
    telling = [word for word in _WORD.findall(plain) if word not in _idle()]
    return [min(stem_of(word), key=_shared_first) for word in telling]


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> frozenset[str]:
    """The word's stem in each language, and the group of words that mean the same."""
    if len(word) > 40:
        return frozenset({word})
    both = {stemmer.stemWord(word) for stemmer in _stemmers()}
    groups = {_groups()[stem] for stem in both if stem in _groups()}
    return frozenset(groups or both)


def _shared_first(stem: str) -> tuple[bool, int, str]:
    """A group before a stem, a shorter stem before a longer one."""
    return not stem.startswith("="), len(stem), stem


@cache
def _any_negation() -> re.Pattern[str]:
    negations = "|".join(words(language).negation for language in ("en", "id", "es"))
    return re.compile(rf"(?<!\w)(?:{negations})(?!\w)")


@cache
def _just_negated() -> re.Pattern[str]:
    return re.compile(rf"{_any_negation().pattern}(?: \S+)? ?$")


@cache
def _stemmers() -> tuple[snowballstemmer.stemmer, ...]:
    return snowballstemmer.stemmer("english"), snowballstemmer.stemmer("indonesian")


@cache
def _groups() -> dict[str, str]:
    """Stem to the name of its group; a line of synonyms.txt is a group."""
    groups: dict[str, str] = {}
    for number, line in enumerate(_lines("synonyms.txt")):
        for word in line.split():
            for stemmer in _stemmers():
                groups.setdefault(stemmer.stemWord(word), f"={number}")
    return groups


@cache
def _idle() -> frozenset[str]:
    """Words that say nothing of what a condition is about."""
    listed = {word for line in _lines("idle.txt") for word in line.split()}
    return frozenset(listed).union(*(words(language).function for language in ("en", "id", "es")))


def _lines(name: str) -> list[str]:
    text = (resources.files("escalation_app.offline.detection") / "lexicon" / name).read_text(
        "utf-8"
    )
    return [line for line in text.splitlines() if line and not line.startswith("#")]
