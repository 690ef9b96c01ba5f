"""Which text can be seen. Invisible characters are allowed, but alone they say nothing."""

import unicodedata

# Letters and marks by their category, which every font draws as nothing.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_COMBINING = frozenset({"Mn", "Mc", "Me"})


def is_visible(text: str) -> bool:
    """Whether at least one character shows; marks need a letter to stand on."""
    return any(
        not character.isspace()
        and not _is_invisible(character)
        and unicodedata.category(character) not in _COMBINING
        for character in text
    )


def as_read(name: str) -> str:
    """What two names have in common that people would read as one."""
    composed = unicodedata.normalize("NFKC", _shown(name)).casefold()
    return " ".join(_shown(unicodedata.normalize("NFKC", composed)).split())


def _shown(text: str) -> str:
    return text if text.isascii() and text.isprintable() else "".join(filter(_is_shown, text))


def _is_shown(character: str) -> bool:
    return character.isspace() or not _is_invisible(character)


def _is_invisible(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cf"}
        or character in _BLANKS
        or "\ufe00" <= character <= "\ufe0f"
        or "\u180b" <= character <= "\u180f"
        or "\U000e0000" <= character <= "\U000e0fff"
    )
