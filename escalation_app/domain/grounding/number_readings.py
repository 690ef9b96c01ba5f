"""Numbers, amounts, shares and groups of digits, read."""

import re

from escalation_app.domain.grounding import dates
from escalation_app.domain.grounding.quantities import CURRENCIES, POWERS, SHARED_SIGNS, values
from escalation_app.domain.grounding.readings import Keys, Reading, keyed, literal, said


def pair(match: re.Match[str], before: str) -> Reading:
    both = (match["a9"], match["b9"])
    exactly, _ = literal("id", match.group())
    read = dates.either_order(*both)
    less = dates.less_exact(frozenset().union(*read))
    return said((*exactly, *read, *_all_of(both)), _numbers(both), less)


def _numbers(parts: tuple[str, ...]) -> Keys:
    return frozenset(f"n:{value}" for part in parts for value in values(part))


def _all_of(parts: tuple[str, ...]) -> tuple[Keys, ...]:
    """All of the parts, if they differ: “3-3” must not be found where there is one 3."""
    return (_numbers(parts),) if len(set(parts)) == len(parts) else ()


def money(match: re.Match[str], before: str) -> Reading:
    sign = (match["c1"] or match["c2"]).casefold()
    found = values(match["n1"] or match["n2"], _power(match["t1"] or match["t2"]))
    if not found:
        return literal("id", match.group())
    meant = SHARED_SIGNS.get(sign, frozenset({CURRENCIES[sign]}))
    readings = tuple(k for code in sorted(meant) for k in keyed(f"m:{code}", found))
    known = frozenset().union(*keyed(f"m:{CURRENCIES[sign]}", found), *keyed("n", found))
    return readings, known | (frozenset({"m:CNY:" + v for v in found}) if sign == "¥" else set())


def _power(word: str | None) -> int:
    return POWERS[word.casefold()] if word else 0


def percent(match: re.Match[str], before: str) -> Reading:
    found = values(match["n3"])
    if not found:
        return literal("id", match.group())
    return said(keyed("p", found), *keyed("n", found))


def groups(match: re.Match[str], before: str) -> Reading:
    """A telephone or card number however it is spaced; or a few numbers side by side."""
    parts = tuple(re.findall(r"\d+", match.group()))
    joined = "".join(parts)
    thousands = values(" ".join(parts)) if " " in match.group() else frozenset()
    whole = frozenset({joined}) if len(joined) >= 7 else thousands
    exactly, _ = literal("id", match.group())
    return said((*exactly, *keyed("n", whole), *_all_of(parts)), _numbers(parts))


def number(match: re.Match[str], before: str) -> Reading:
    number = match["n4"]
    found = values(number, _power(match["t4"]))
    if not found:
        parts = tuple(re.findall(r"\d+", number))
        return said(literal("id", number)[0] + _all_of(parts), _numbers(parts))
    written_as_time = re.fullmatch(r"(\d{1,2})\.(\d\d)", number)
    time = dates.clock(*written_as_time.groups()) if written_as_time else frozenset()
    return said(tuple(filter(None, (*keyed("n", found), time))))
