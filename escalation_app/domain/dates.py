"""Dates and times as people write them, in keys that are equal when they mean the same.

A key is as exact as what was written: `2024-11-12`, `11-12` without a year, `2024-11`. What is
exact also says the less exact.
"""

_NAMES = (
    "january jan januari januar janvier janv enero ene janeiro gennaio gen jänner",
    "february feb februari februar février fevrier févr febrero fevereiro fev febbraio febr",
    "march mar maret märz mrz mars marzo março marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mei mai mayo maio maggio",
    "june jun juni juin junio junho giugno",
    "july jul juli juillet juil julio julho luglio",
    "august aug agustus agu agt août aout agosto ago augustus",
    "september sep sept septembre septiembre setembro settembre",
    "october oct oktober okt octobre octubre outubro ottobre",
    "november nov novembre noviembre novembro nop",
    "december dec desember des dezember dez décembre diciembre dic dezembro dicembre",
)
MONTHS = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}
# In small letters these are words of their own: “option 2 may be free”.
ALSO_WORDS = frozenset({"may", "march", "mar", "des", "ago", "mars", "gen", "mei"})


def day_month(day: str, month: int, year: str = "") -> frozenset[str]:
    """The key of a date; empty where there is no such day."""
    if not (1 <= int(day) <= 31 and 1 <= month <= 12):
        return frozenset()
    key = f"{month:02}-{int(day):02}"
    return frozenset({f"d:{_full(year)}-{key}" if year else f"d:{key}"})


def either_order(first: str, second: str, year: str = "") -> tuple[frozenset[str], ...]:
    """12/11 is in November or in December: both readings that exist."""
    found = (
        day_month(first, int(second), year),
        day_month(second, int(first), year),
    )
    return tuple(keys for keys in found if keys)


def month_year(month: int, year: str) -> frozenset[str]:
    return frozenset({f"d:{year}-{month:02}"}) if 1 <= month <= 12 else frozenset()


def less_exact(keys: frozenset[str]) -> frozenset[str]:
    """What a message that names these dates also says: the month, and the day of any year."""
    full = [key[2:].split("-") for key in keys if key.count("-") == 2]
    return frozenset(
        less
        for year, month, day in full
        for less in (f"d:{month}-{day}", f"d:{year}-{month}", f"n:{year}")
    )


def clock(hour: str, minute: str, half: str = "") -> frozenset[str]:
    """The key of a time; `half` is am, pm or nothing. Empty where there is no such time."""
    hours = int(hour)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    if hours > 24 or int(minute) > 59:
        return frozenset()
    return frozenset({f"t:{hours}:{minute}"})


def _full(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"
