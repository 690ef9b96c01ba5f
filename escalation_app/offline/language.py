"""Whether a text is in the language that was asked for."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

# With fewer letters, or a likelihood above, a text has the benefit of the doubt.
ENOUGH_LETTERS = 40
UNLIKELY = 0.02

# Too close to be told apart in a sentence or two.
_ALIKE = [
    {"id", "ms"},
    {"no", "nb", "nn", "da"},
    {"cs", "sk"},
    {"bs", "hr", "sr"},
    {"pt", "gl"},
    {"es", "gl"},
    {"fil", "tl"},
    {"bg", "mk"},
    {"be", "ru"},
    {"be", "uk"},
]

# The customer's own words may be in any language.
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」')


def is_another_language(text: str, code: str) -> bool:
    """Whether `text` is surely not in the language of the ISO 639 code."""
    text = _QUOTED.sub("", text)
    # What the settings call fil, the identifier calls tl.
    alike = {code}.union(*(group for group in _ALIKE if code in group)) & _known()
    if _letters(text) < ENOUGH_LETTERS or not alike:
        return False
    likelihoods = dict(_identifier().rank(text))
    return sum(likelihoods.get(name, 0.0) for name in alike) < UNLIKELY


def _letters(text: str) -> int:
    """Where a character is a syllable or a word, it counts as three."""
    return sum(3 if character >= "\u2e80" else 1 for character in text if character.isalpha())


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _known() -> frozenset[str]:
    return frozenset(_identifier().labels)
