"""One picture per result: its series as curves where it has some, else its figures as bars."""

import re
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from benchmarks.result import Result

mpl.use("svg")
# The same run gives the same file.
mpl.rcParams["svg.hashsalt"] = "desk"

from matplotlib import pyplot  # noqa: E402 - after the choice of how to draw


def draw(directory: Path, results: Sequence[Result]) -> list[Path]:
    """Returns the files, in the order of the results that have one."""
    return [file for one in results if (file := _drawn(directory, one))]


def _drawn(directory: Path, one: Result) -> Path | None:
    if not one.series and len(one.figures) < 2:
        return None
    figure, axes = pyplot.subplots(figsize=(8, 3.6), layout="constrained")
    axes.set_title(f"{one.what}\n{one.reach}", fontsize=9)
    if one.series:
        _curves(axes, one)
    else:
        _bars(axes, one)
    file = directory / f"{_file_name(one.what)}.svg"
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
    return file


def _curves(axes: "pyplot.Axes", one: Result) -> None:
    """Lists of numbers by the part of them that is smaller; pairs as they are."""
    for name, values in one.series.items():
        if values and isinstance(values[0], (list, tuple)):
            axes.plot(*zip(*values, strict=True), label=name)
        else:
            parts = [(place + 1) / len(values) for place in range(len(values))]
            axes.plot(sorted(values), parts, label=name)
            axes.set(xscale="log", xlabel="ms", ylabel="part of all")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)


def _bars(axes: "pyplot.Axes", one: Result) -> None:
    units = [unit for _, unit in one.figures.values()]
    unit = max(set(units), key=units.count)
    bars = {name: value for name, (value, of) in one.figures.items() if of == unit}
    drawn = axes.barh(list(bars), list(bars.values()))
    axes.bar_label(drawn, fmt="%.3g", fontsize=8, padding=2)
    axes.invert_yaxis()
    axes.tick_params(labelsize=8)
    axes.set_xlabel(unit, fontsize=8)
    axes.margins(x=0.15)


def _file_name(what: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", what.lower()).strip("-")[:60].rstrip("-")
