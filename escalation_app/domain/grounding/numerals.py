"""Numbers that are written in words, turned into figures: “twenty-four hours” is “24 hours”.

Whatever the language, the same few rules make one number of several words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from escalation_app.domain.grounding.dates import MONTHS
from escalation_app.domain.grounding.number_words import AMBIGUOUS, BETWEEN, HINTS, ONES, TIMES
from escalation_app.domain.grounding.quantities import CURRENCIES
from escalation_app.domain.grounding.spoken_number import SpokenNumber, folded
from escalation_app.domain.grounding.units import UNITS

_WORD = re.compile(r"[^\W\d_]+")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\.?,? \Z")
_WORD_AFTER = re.compile(r" ([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Numeral:
    start: int
    end: int
    value: int


class Figures:
    """A text with figures for its numerals, and where each place of it stood before."""

    def __init__(self, text: str) -> None:
        pieces, at, length = [], 0, 0
        self._news, self._olds = [0], [0]
        for numeral in numerals(text):
            pieces += [text[at : numeral.start], _written(numeral, text)]
            length += numeral.start - at
            self._mark(length, numeral.start)
            length, at = length + len(pieces[-1]), numeral.end
            self._mark(length, at)
        self.text = "".join([*pieces, text[at:]])

    def _mark(self, new: int, old: int) -> None:
        self._news.append(new)
        self._olds.append(old)

    def start(self, place: int) -> int:
        """Where the word stood whose figures begin at this place or before."""
        return self._before(bisect_right(self._news, place) - 1, place)

    def end(self, place: int) -> int:
        """Behind the word whose figures reach to this place."""
        at = bisect_right(self._news, place - 1) - 1
        inside = at % 2 == 1
        return self._olds[at + 1] if inside else self._before(at, place)

    def _before(self, at: int, place: int) -> int:
        # Marks with odd numbers begin a numeral, whose inside stands for all of its words.
        return self._olds[at] if at % 2 else self._olds[at] + place - self._news[at]


def _written(numeral: Numeral, text: str) -> str:
    """The figures, with one more space beside a month: “in June two came” names no date."""
    before = _WORD_BEFORE.search(text, max(numeral.start - 20, 0), numeral.start)
    after = _WORD_AFTER.match(text, numeral.end)
    space_before = " " if before and before[1].casefold() in MONTHS else ""
    space_after = " " if after and after[1].casefold() in MONTHS else ""
    return f"{space_before}{numeral.value}{space_after}"


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers in words that are surely meant as such, in order."""
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        taken, value = _number_from(text, words, at)
        if taken:
            start, end = words[at].start(), words[at + taken - 1].end()
            if _is_meant(text, words, at, taken) and _stands_apart(text, start, end):
                yield Numeral(start, end, value)
        at += taken or 1


def hint(word: str) -> int | None:
    """What a word says that can be a number but claims none."""
    return HINTS.get(folded(word))


def _number_from(text: str, words: list[re.Match[str]], at: int) -> tuple[int, int]:
    """How many words make one number from here on, and the number; 0 words for none."""
    number = SpokenNumber()
    ends = [(0, 0)]
    is_added = False
    for place in range(at, len(words)):
        if place > at and not _follows(text, words[place - 1], words[place]):
            break
        word = folded(words[place].group())
        if place > at and word in BETWEEN:
            continue
        if not number.takes(word, joined=place > at and text[words[place - 1].end()] == "-"):
            if word in TIMES and is_added and len(ends) > 2:
                # “Two thousand and one million”: the one belongs to what comes.
                ends.pop()
            break
        is_added = word not in TIMES
        ends.append((place - at + 1, number.value))
    return ends[-1]


def _is_meant(text: str, words: list[re.Match[str]], at: int, taken: int) -> bool:
    """Whether the words are a number and nothing else; where a unit follows, they are."""
    if taken > 1:
        return True
    word = folded(words[at].group())
    if word not in AMBIGUOUS and word not in ONES:
        return True
    if at + 1 == len(words) or not _follows(text, words[at], words[at + 1]):
        return False
    following = words[at + 1].group().casefold()
    return following in CURRENCIES or (word in AMBIGUOUS and following in UNITS)


def _follows(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return text[one.end() : other.start()] in {" ", "-"}


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether it is no part of a longer word, nor beside figures, which it would run together with."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    if re.search(r"[\w@/.]$|-$|\d[ .,]?$", before) or re.match(r"[\w@/]|\.\w| ?\d", after):
        return False
    return not after.startswith("-") or _unit_after(text, end)


def _unit_after(text: str, end: int) -> bool:
    following = _WORD.match(text, end + 1)
    return following is not None and following.group().casefold() in UNITS
