"""One row of the benchmarks' table. Each bench module has `rows(options) -> Iterator[Result]`."""

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# A figure and its unit: (0.07, "ms").
Figure = tuple[float, str]


@dataclass(frozen=True)
class Options:
    """`quick`: tiny numbers that only show that everything runs; nothing is judged by them."""

    quick: bool = False


@dataclass(frozen=True)
class Result:
    """What was measured, beside what in the same run, and whether the reach was met.

    `figures` names what was measured in the order in which they are read. `reached` is None where
    nothing was promised, or where the run was too short to judge. `series` holds what a plot shows:
    by name, either a list of numbers or a list of (x, y).
    """

    what: str
    beside: str
    reach: str
    figures: Mapping[str, Figure]
    reached: bool | None
    note: str = ""
    series: Mapping[str, Any] = field(default_factory=dict)

    def unjudged(self) -> "Result":
        """The same of a run that was too short to judge."""
        return replace(self, reached=None)

    @property
    def verdict(self) -> str:
        return {True: "yes", False: "no", None: "not judged"}[self.reached]


def attempted(part: str, rows: Iterator[Result]) -> Iterator[Result]:
    """What a part measures. One that breaks off is a row that says so, and the run goes on."""
    try:
        yield from rows
    except Exception as failure:
        traceback.print_exc()
        yield Result(part, "", "", {}, reached=False, note=f"broke off: {failure!r}")
