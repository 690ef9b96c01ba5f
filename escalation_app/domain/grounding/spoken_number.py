"""One number of several words: the same few rules make it in every language that is read."""

import unicodedata

from escalation_app.domain.grounding.number_words import (
    ADDS,
    NO_NUMBERS,
    ONES,
    TEEN,
    TEN_TIMES,
    TIMES,
    TIMES_ONLY,
)

# No number is written in a longer word.
_LONGEST = 48
# What compound words are made of: zweihundertfünfzig, tweeduizend, duecento.
_SCALES = (
    ("tausend", 1_000),
    ("duizend", 1_000),
    ("mila", 1_000),
    ("mille", 1_000),
    ("hundert", 100),
    ("honderd", 100),
    ("cento", 100),
)


class SpokenNumber:
    """Takes words as long as they go on with the number: “two”, “hundred”, “fifty”, “three”."""

    def __init__(self) -> None:
        self._above, self._below, self._scale = 0, 0, 10**12

    @property
    def value(self) -> int:
        return self._above + self._below

    def takes(self, word: str, *, joined: bool) -> bool:
        """Whether the folded word belongs to it; `joined` is by a hyphen to the one before."""
        last = self._below % 100
        if word in {TEEN, TEN_TIMES} and 1 < last < 10:
            self._below += 10 if word == TEEN else 9 * last
            return True
        if word.startswith("vingt") and last == 4:
            self._below += 76
            return True
        if word in TIMES:
            return self._multiplies(TIMES[word], alone=word not in TIMES_ONLY)
        value = 1 if word in ONES else value_of(word)
        return value is not None and self._adds(value, joined)

    def _multiplies(self, times: int, *, alone: bool) -> bool:
        if not (self._below or alone) or times >= self._scale:
            return False
        if times >= 1_000:
            self._above += (self._below or 1) * times
            self._below, self._scale = 0, times
            return True
        if self._below >= times:
            return False
        self._below = (self._below or 1) * times
        return True

    def _adds(self, value: int, joined: bool) -> bool:
        if value >= self._scale or (self._below and value >= 100):
            return False
        if not _goes_on(self._below % 100, value, joined):
            return False
        if value >= 1_000:
            self._above, self._scale = self._above + value // 1_000 * 1_000, 1_000
            value %= 1_000
        self._below += value
        return True


def _goes_on(last: int, value: int, joined: bool) -> bool:
    return (
        last == 0
        or (last >= 20 and last % 10 == 0 and value < 10)
        # soixante-quinze, quatre-vingt-onze
        or (last in (60, 80) and 10 <= value < 20)
        # dix-sept, soixante-dix-sept
        or (last in (10, 70, 90) and 7 <= value <= 9 and joined)
    )


def value_of(word: str) -> int | None:
    """What one folded word says, which may be a compound."""
    if word in ADDS or word in TIMES:
        return ADDS.get(word) or TIMES[word]
    return _compound(word) if len(word) <= _LONGEST else None


def _compound(word: str) -> int | None:
    for name, scale in _SCALES:
        left, mark, right = word.partition(name)
        if mark:
            right = right.removeprefix("und").removeprefix("en")
            times, rest = _part(left, 1), _part(right, 0)
            if times is None or rest is None or rest >= scale or times >= 1_000:
                return None
            return times * scale + rest
    return None


def _part(word: str, missing: int) -> int | None:
    if not word:
        return missing
    return 1 if word in ONES else value_of(word)


def folded(word: str) -> str:
    """In small letters, without accents."""
    word = word.casefold()
    if word.isascii() or word in NO_NUMBERS:
        return word
    marked = unicodedata.normalize("NFD", word)
    return "".join(character for character in marked if not unicodedata.combining(character))
