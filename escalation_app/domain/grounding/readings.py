"""What a lexeme may mean: the readings of a claim, and the keys that it makes known in a message."""

Keys = frozenset[str]
Reading = tuple[tuple[Keys, ...], Keys]


def keyed(kind: str, found: Keys) -> tuple[Keys, ...]:
    return tuple(frozenset({f"{kind}:{value}"}) for value in found)


def said(readings: tuple[Keys, ...], *more: Keys) -> Reading:
    return readings, frozenset().union(*readings, *more)


def literal(kind: str, text: str) -> Reading:
    return said((frozenset({f"{kind}:{text.casefold()}"}),))
