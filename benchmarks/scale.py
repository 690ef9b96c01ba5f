"""The desk at a thousand to a million cases, and with 32 people who claim at once."""

from collections.abc import Iterator

from benchmarks import claims, list_at_scale
from benchmarks.result import Options, Result


def rows(options: Options) -> Iterator[Result]:
    yield from list_at_scale.rows(options)
    yield from claims.rows(options)
