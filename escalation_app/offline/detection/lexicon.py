"""The words of each language, read once from lexicon/*.toml and made into patterns."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Languages are asked in this order; the first whose words are found wins.
LANGUAGES = ("en", "id", "es", "zh")
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Patterns run over text in lower case with straight quotes."""

    function: frozenset[str]
    negation: str
    wish: str
    instead: str
    unreal: str
    other: str
    spaced: bool
    named: dict[str, re.Pattern[str]]
    said: dict[str, re.Pattern[str]]
    hinted: dict[str, re.Pattern[str]]


@cache
def words(language: str) -> Words:
    file = resources.files("escalation_app.offline.detection") / "lexicon" / f"{language}.toml"
    entries = tomllib.loads(file.read_text("utf-8"))
    spaced = entries.pop("spaced", True)
    common = entries.pop("words")
    return Words(
        function=frozenset(common["function"].split()),
        negation=common["negation"],
        wish=common["wish"],
        instead=common["instead"],
        unreal=common["unreal"],
        other=common["other"],
        spaced=spaced,
        named={name: pattern(entry["named"], spaced) for name, entry in entries.items()},
        said={name: pattern(entry["said"], spaced) for name, entry in entries.items()},
        hinted={
            name: pattern(entry["hinted"], spaced)
            for name, entry in entries.items()
            if "hinted" in entry
        },
    )


def pattern(phrases: Iterable[str], spaced: bool = True) -> re.Pattern[str]:
    """Any of the phrases, as whole words: `~` is any ending, `…` up to four words between."""
    joined = "|".join(_phrase(phrase) for phrase in phrases)
    if not joined:
        return NOTHING
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if spaced else joined)


def _phrase(phrase: str) -> str:
    return (
        phrase.replace(" … ", r"(?:[ ,]+(?:[^\s.!?;]|\.(?=\w)){1,30}){0,4}?[ ,]+")
        .replace("~", r"\w*")
        .replace("’", "'")
    )
