"""Which passwords people may have: any that is long enough and not among the first to be tried."""

import gzip
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from escalation_app.domain.refusals import InvalidInput

SHORTEST = 8
# Long enough for every passphrase; hashing more would be somebody's way to keep the desk busy.
LONGEST = 1_000
# What somebody who knows where they are would try.
WORDS_OF_THE_DESK = frozenset({"escalation", "desk", "supervisor"})
COMMON = Path(__file__).with_name("common-passwords.txt.gz")


def check(password: str, *names: str) -> None:
    """Refuse a password that is guessed before long, by whoever knows these names too.

    Raises:
        InvalidInput
    """
    if len(password) < SHORTEST:
        raise _refused(f"Please take a password of {SHORTEST} characters or more.")
    if len(password) > LONGEST:
        raise _refused(f"Please take a password of {LONGEST:,} characters or fewer.")
    folded = password.casefold()
    if folded in _common():
        raise _refused("This password is among the most common ones. Please take another.")
    rest = _without(folded, WORDS_OF_THE_DESK.union(*map(_words, names)))
    if len(rest) < len(folded) and len(rest) < SHORTEST:
        raise _refused("This password is a name or a word of the desk and little else.")


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput("password", sentence)


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"\W+", name.casefold()) if len(word) > 2}


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().split())
