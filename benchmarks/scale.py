"""The desk at a thousand to a million cases, and with 32 people who claim at once."""

from collections.abc import Iterator

from benchmarks import claims, list_at_scale
from benchmarks.result import Options, Result, attempted


def rows(options: Options) -> Iterator[Result]:
    for part in (list_at_scale, claims):
        yield from attempted(part.__name__, part.rows(options))
