"""What a text states that can be looked up: numbers, amounts, dates, times, identifiers.

A fact of a message is evidence, the same fact of a sentence a claim; both are compared by keys
that are equal when they mean the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from escalation_app.domain.grounding import dates
from escalation_app.domain.grounding.lexemes import LEXEME
from escalation_app.domain.grounding.numerals import Figures, hint
from escalation_app.domain.grounding.quantities import (
    CURRENCIES,
    POWERS,
    SHARED_SIGNS,
    plain,
    values,
)

Keys = frozenset[str]


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


Reading = tuple[tuple[Keys, ...], Keys]


def _keyed(kind: str, found: Keys) -> tuple[Keys, ...]:
    return tuple(frozenset({f"{kind}:{value}"}) for value in found)


def _said(readings: tuple[Keys, ...], *more: Keys) -> Reading:
    return readings, frozenset().union(*readings, *more)


def _literal(kind: str, text: str) -> Reading:
    return _said((frozenset({f"{kind}:{text.casefold()}"}),))


def _link(match: re.Match[str], before: str) -> Reading:
    return _literal("link", match.group().rstrip(".,;:!?*_]}"))


def _mail(match: re.Match[str], before: str) -> Reading:
    return _literal("mail", match.group().rstrip(".-"))


def _dated(match: re.Match[str], readings: tuple[Keys, ...]) -> Reading:
    readings = tuple(filter(None, readings))
    if not readings:
        return _literal("id", match.group())
    numbers = frozenset(f"n:{part.lstrip('0')}" for part in re.findall(r"\d+", match.group()))
    spelled = numbers if " " in match.group() else frozenset()
    return _said(readings, dates.less_exact(frozenset().union(*readings)), spelled)


def _year_first(match: re.Match[str], before: str) -> Reading:
    return _dated(match, (dates.day_month(match["d1"], int(match["m1"]), match["y1"]),))


def _year_last(match: re.Match[str], before: str) -> Reading:
    return _dated(match, dates.either_order(match["a2"], match["b2"], match["y2"]))


def _han_date(match: re.Match[str], before: str) -> Reading:
    month, year = int(match["m3"]), match["y3"] or ""
    if match["d3"]:
        return _dated(match, (dates.day_month(match["d3"], month, year),))
    if year:
        return _dated(match, (dates.month_year(month, year),))
    return _said(_keyed("n", values(match["m3"])), dates.in_month(month))


def _day_first(match: re.Match[str], before: str) -> Reading:
    return _named_month(match, match["d4"], match["m4"], match["y4"] or "")


def _month_first(match: re.Match[str], before: str) -> Reading:
    return _named_month(match, match["d5"], match["m5"], match["y5"] or "")


def _named_month(match: re.Match[str], day: str, name: str, year: str) -> Reading:
    date = dates.day_month(day, dates.MONTHS[name.casefold()], year)
    readings, says = _dated(match, (date,))
    if name in dates.ALSO_WORDS:
        numbers = frozenset(f"n:{value}" for value in (day, year) if value)
        return _said((*readings, numbers), says)
    return readings, says


def _month_year(match: re.Match[str], before: str) -> Reading:
    return _dated(match, (dates.month_year(dates.MONTHS[match["m6"].casefold()], match["y6"]),))


def _month(match: re.Match[str], before: str) -> Reading:
    name = match.group().casefold()
    found = dates.in_month(dates.MONTHS[name])
    is_month = name not in dates.NOT_ONLY_MONTHS or before in dates.TEMPORAL
    return ((found,) if is_month else ()), found


def _weekday(match: re.Match[str], before: str) -> Reading:
    return _said((dates.weekday(dates.WEEKDAYS[match.group().casefold()]),))


def _unread(match: re.Match[str], before: str) -> Reading:
    return _literal("unread", match.group())


def _time(match: re.Match[str], before: str) -> Reading:
    hour, minute = match["h7"], match["n7"] or match["n8"] or "00"
    exact = dates.clock(hour, minute, match["p7"] or match["p8"] or "")
    if not exact:
        return _literal("id", match.group())
    return _said((exact,), dates.clock(hour, minute))


def _pair(match: re.Match[str], before: str) -> Reading:
    both = (match["a9"], match["b9"])
    literal, _ = _literal("id", match.group())
    read = dates.either_order(*both)
    less = dates.less_exact(frozenset().union(*read))
    return _said((*literal, *read, *_all_of(both)), _numbers(both), less)


def _numbers(parts: tuple[str, ...]) -> Keys:
    return frozenset(f"n:{value}" for part in parts for value in values(part))


def _all_of(parts: tuple[str, ...]) -> tuple[Keys, ...]:
    """All of the parts, if they differ: “3-3” must not be found where there is one 3."""
    return (_numbers(parts),) if len(set(parts)) == len(parts) else ()


def _money(match: re.Match[str], before: str) -> Reading:
    sign = (match["c1"] or match["c2"]).casefold()
    found = values(match["n1"] or match["n2"], _power(match["t1"] or match["t2"]))
    if not found:
        return _literal("id", match.group())
    meant = SHARED_SIGNS.get(sign, frozenset({CURRENCIES[sign]}))
    readings = tuple(k for code in sorted(meant) for k in _keyed(f"m:{code}", found))
    said = frozenset().union(*_keyed(f"m:{CURRENCIES[sign]}", found), *_keyed("n", found))
    return readings, said | (frozenset({"m:CNY:" + v for v in found}) if sign == "¥" else set())


def _power(word: str | None) -> int:
    return POWERS[word.casefold()] if word else 0


def _percent(match: re.Match[str], before: str) -> Reading:
    found = values(match["n3"])
    if not found:
        return _literal("id", match.group())
    return _said(_keyed("p", found), *_keyed("n", found))


def _groups(match: re.Match[str], before: str) -> Reading:
    """A telephone or card number however it is spaced; or a few numbers side by side."""
    parts = tuple(re.findall(r"\d+", match.group()))
    joined = "".join(parts)
    thousands = values(" ".join(parts)) if " " in match.group() else frozenset()
    whole = frozenset({joined}) if len(joined) >= 7 else thousands
    literal, _ = _literal("id", match.group())
    return _said((*literal, *_keyed("n", whole), *_all_of(parts)), _numbers(parts))


def _number(match: re.Match[str], before: str) -> Reading:
    number = match["n4"]
    found = values(number, _power(match["t4"]))
    if not found:
        parts = tuple(re.findall(r"\d+", number))
        return _said(_literal("id", number)[0] + _all_of(parts), _numbers(parts))
    written_as_time = re.fullmatch(r"(\d{1,2})\.(\d\d)", number)
    time = dates.clock(*written_as_time.groups()) if written_as_time else frozenset()
    return _said(tuple(filter(None, (*_keyed("n", found), time))))


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
        return _said(_keyed("n", values(measure[1]))) if measure else _literal("id", word)
    hinted = _hinted(word)
    if hinted:
        return (), hinted
    claimed, said = _literal("id", word)
    named = before in _NAMED_BY and len(code) > 4 and code.isascii() and code.isupper()
    return (claimed, said) if named and word not in _NAMED_BY else ((), said)


def _hinted(word: str) -> Keys:
    """What a word may say that claims nothing, since it mostly says something else."""
    number, day = hint(word), dates.WEEKDAY_HINTS.get(word)
    said = frozenset() if number is None else frozenset({f"n:{number}"})
    month = dates.MONTHS.get(word)
    said |= dates.in_month(month) if month else frozenset()
    return said | (dates.weekday(day) if day else frozenset())


def _han(match: re.Match[str], before: str) -> Reading:
    return (), _hinted(match.group())


_READERS = {
    "link": _link,
    "mail": _mail,
    "year_first": _year_first,
    "year_last": _year_last,
    "han_date": _han_date,
    "day_first": _day_first,
    "month_first": _month_first,
    "month_year": _month_year,
    "month": _month,
    "weekday": _weekday,
    "unread": _unread,
    "time": _time,
    "pair": _pair,
    "money": _money,
    "percent": _percent,
    "groups": _groups,
    "number": _number,
    "code": _code,
    "han": _han,
}
