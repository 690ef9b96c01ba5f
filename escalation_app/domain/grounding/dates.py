"""Dates and times as people write them, in keys that are equal when they mean the same.

A key is as exact as what was written: `2024-11-12`, `11-12` without a year, `2024-11`. What is
exact also says the less exact.
"""

from contextlib import suppress
from datetime import date

# By month: its names, and behind the stroke what they are shortened to.
_NAMES = (
    "january januari januar janvier enero janeiro gennaio jänner | jan janv ene gen",
    "february februari februar février fevrier febrero fevereiro febbraio | feb févr fev febr",
    "march maret märz mars marzo março marco maart | mar mrz mrt",
    "april avril abril aprile | apr avr abr",
    "may mei mai mayo maio maggio |",
    "june juni juin junio junho giugno | jun",
    "july juli juillet julio julho luglio | jul juil",
    "august agustus août aout agosto augustus | aug agu agt ago",
    "september septembre septiembre setembro settembre | sep sept",
    "october oktober octobre octubre outubro ottobre | oct okt",
    "november novembre noviembre novembro | nov nop",
    "december desember dezember décembre decembre diciembre dezembro dicembre | dec des dez déc dic",
)
MONTHS = {
    name: month for month, names in enumerate(_NAMES, 1) for name in names.split() if name != "|"
}
MONTH_NAMES = frozenset(name for names in _NAMES for name in names.partition("|")[0].split())
# People's names and other words are months where a word of time stands before them.
_NOT_ONLY_MONTHS = "may mei mai march mars april june august juni juli"
NOT_ONLY_MONTHS = frozenset(_NOT_ONLY_MONTHS.split())
_TEMPORAL = (
    "in since until till during early late mid last next this of en im seit bis ab début fin"
    " desde hasta em até a ad da di fino bulan pada sejak hingga sampai sinds tot eind begin"
)
TEMPORAL = frozenset(_TEMPORAL.split())
_WEEKDAY_NAMES = (
    "monday mondays montag montags lundi lunes segunda-feira lunedì maandag senin",
    "tuesday tuesdays dienstag dienstags mardi martes terça-feira martedì dinsdag selasa",
    "wednesday wednesdays mittwoch mittwochs mercredi miércoles miercoles quarta-feira mercoledì"
    " woensdag rabu",
    "thursday thursdays donnerstag donnerstags jeudi jueves quinta-feira giovedì donderdag kamis",
    "friday fridays freitag freitags vendredi viernes sexta-feira venerdì vrijdag jumat jum'at",
    "saturday saturdays samstag samstags sonnabend samedi sábado sabato zaterdag sabtu",
    "sunday sundays sonntag sonntags dimanche domingo domenica zondag",
)
WEEKDAYS = {name: day for day, names in enumerate(_WEEKDAY_NAMES, 1) for name in names.split()} | {
    "hari minggu": 7
}
# These say a day, and more often something else: they claim none.
WEEKDAY_HINTS = {
    **{"mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thurs": 4, "fri": 5, "sat": 6, "sun": 7},
    **{"segunda": 1, "terça": 2, "quarta": 3, "quinta": 4, "sexta": 5, "minggu": 7},
}
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
    """What a message that names these dates also says: the month, the weekday, the day of any year."""
    return frozenset().union(*(_less_exact(*key[2:].split("-")) for key in keys))


def _less_exact(*parts: str) -> frozenset[str]:
    match parts:
        case (year, month, day):
            also = {f"d:{month}-{day}", f"d:{year}-{month}", f"n:{year}", *in_month(int(month))}
            with suppress(ValueError):
                also |= weekday(date(int(year), int(month), int(day)).isoweekday())
            return frozenset(also)
        case (year, month) if len(year) == 4:
            return in_month(int(month))
        case (month, _day):
            return in_month(int(month))
        case _:
            return frozenset()


def in_month(month: int) -> frozenset[str]:
    return frozenset({f"month:{month}"})


def weekday(day: int) -> frozenset[str]:
    return frozenset({f"weekday:{day}"})


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
