"""What a text states that can be looked up: numbers, amounts, dates, times, identifiers.

A fact of a message is evidence, the same fact of a sentence a claim; both are compared by keys
that are equal when they mean the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from escalation_app.domain.grounding import date_readings, dates, number_readings
from escalation_app.domain.grounding.lexemes import LEXEME
from escalation_app.domain.grounding.numerals import Figures, hint
from escalation_app.domain.grounding.quantities import plain, values
from escalation_app.domain.grounding.readings import Keys, Reading, keyed, literal, said


@dataclass(frozen=True, slots=True)
class Fact:
    """`readings`: as a claim it holds if all keys of one of them are known; none: no claim.

    `says`: the keys that it makes known where it stands in a message.
    """

    start: int
    end: int
    readings: tuple[Keys, ...]
    says: Keys


def facts(text: str) -> Iterator[Fact]:
    """The facts of a text, in order; `start` and `end` are positions in it."""
    before, figures = "", Figures(plain(text))
    for match in LEXEME.finditer(figures.text):
        readings, says = _READERS[match.lastgroup or ""](match, before)
        before = match.group().casefold()
        if readings or says:
            start, end = figures.start(match.start()), figures.end(match.end())
            yield Fact(start, end, tuple(filter(None, readings)), says)


def _link(match: re.Match[str], before: str) -> Reading:
    return literal("link", match.group().rstrip(".,;:!?*_]}"))


def _mail(match: re.Match[str], before: str) -> Reading:
    return literal("mail", match.group().rstrip(".-"))


def _unread(match: re.Match[str], before: str) -> Reading:
    return literal("unread", match.group())


_MEASURE = re.compile(
    r"(\d+)(?:st|nd|rd|th|x|s|sec|ms|h|hr|hrs|m|min|mins|d|y|am|pm|kg|g|mg|km|cm|mm|kb|mb|gb|tb"
    r"|jam|hari|(?:-[^\W\d_]{3,})+)",
    re.IGNORECASE,
)
_NAMING = (
    "id code kode booking reservation reservasi order pesanan reference ref pnr number nomor"
    " resi ticket tiket invoice voucher coupon"
)
_NAMED_BY = frozenset(_NAMING.split())


def _code(match: re.Match[str], before: str) -> Reading:
    code = match.group()
    word = code.casefold()
    if any(map(str.isdigit, code)):
        measure = _MEASURE.fullmatch(code)
        return said(keyed("n", values(measure[1]))) if measure else literal("id", word)
    hinted = _hinted(word)
    if hinted:
        return (), hinted
    claim, known = literal("id", word)
    named = before in _NAMED_BY and len(code) > 4 and code.isascii() and code.isupper()
    return (claim, known) if named and word not in _NAMED_BY else ((), known)


def _hinted(word: str) -> Keys:
    """What a word may say that claims nothing, since it mostly says something else."""
    number, day = hint(word), dates.WEEKDAY_HINTS.get(word)
    known = frozenset() if number is None else frozenset({f"n:{number}"})
    month = dates.MONTHS.get(word)
    known |= dates.in_month(month) if month else frozenset()
    return known | (dates.weekday(day) if day else frozenset())


def _han(match: re.Match[str], before: str) -> Reading:
    return (), _hinted(match.group())


_READERS = {
    "link": _link,
    "mail": _mail,
    "year_first": date_readings.year_first,
    "year_last": date_readings.year_last,
    "han_date": date_readings.han_date,
    "day_first": date_readings.day_first,
    "month_first": date_readings.month_first,
    "month_year": date_readings.month_year,
    "month": date_readings.month,
    "weekday": date_readings.weekday,
    "unread": _unread,
    "time": date_readings.time,
    "pair": number_readings.pair,
    "money": number_readings.money,
    "percent": number_readings.percent,
    "groups": number_readings.groups,
    "number": number_readings.number,
    "code": _code,
    "han": _han,
}
