"""Dates and times, read."""

import re

from escalation_app.domain.grounding import dates
from escalation_app.domain.grounding.quantities import values
from escalation_app.domain.grounding.readings import Keys, Reading, keyed, literal, said


def _dated(match: re.Match[str], readings: tuple[Keys, ...]) -> Reading:
    readings = tuple(filter(None, readings))
    if not readings:
        return literal("id", match.group())
    numbers = frozenset(f"n:{part.lstrip('0')}" for part in re.findall(r"\d+", match.group()))
    spelled = numbers if " " in match.group() else frozenset()
    return said(readings, dates.less_exact(frozenset().union(*readings)), spelled)


def year_first(match: re.Match[str], before: str) -> Reading:
    return _dated(match, (dates.day_month(match["d1"], int(match["m1"]), match["y1"]),))


def year_last(match: re.Match[str], before: str) -> Reading:
    return _dated(match, dates.either_order(match["a2"], match["b2"], match["y2"]))


def han_date(match: re.Match[str], before: str) -> Reading:
    month, year = int(match["m3"]), match["y3"] or ""
    if match["d3"]:
        return _dated(match, (dates.day_month(match["d3"], month, year),))
    if year:
        return _dated(match, (dates.month_year(month, year),))
    return said(keyed("n", values(match["m3"])), dates.in_month(month))


def day_first(match: re.Match[str], before: str) -> Reading:
    return _named_month(match, match["d4"], match["m4"], match["y4"] or "")


def month_first(match: re.Match[str], before: str) -> Reading:
    return _named_month(match, match["d5"], match["m5"], match["y5"] or "")


def _named_month(match: re.Match[str], day: str, name: str, year: str) -> Reading:
    date = dates.day_month(day, dates.MONTHS[name.casefold()], year)
    readings, says = _dated(match, (date,))
    if name in dates.ALSO_WORDS:
        numbers = frozenset(f"n:{value}" for value in (day, year) if value)
        return said((*readings, numbers), says)
    return readings, says


def month_year(match: re.Match[str], before: str) -> Reading:
    return _dated(match, (dates.month_year(dates.MONTHS[match["m6"].casefold()], match["y6"]),))


def month(match: re.Match[str], before: str) -> Reading:
    name = match.group().casefold()
    found = dates.in_month(dates.MONTHS[name])
    is_month = name not in dates.NOT_ONLY_MONTHS or before in dates.TEMPORAL
    return ((found,) if is_month else ()), found


def weekday(match: re.Match[str], before: str) -> Reading:
    return said((dates.weekday(dates.WEEKDAYS[match.group().casefold()]),))


def time(match: re.Match[str], before: str) -> Reading:
    hour, minute = match["h7"], match["n7"] or match["n8"] or "00"
    exact = dates.clock(hour, minute, match["p7"] or match["p8"] or "")
    if not exact:
        return literal("id", match.group())
    return said((exact,), dates.clock(hour, minute))
