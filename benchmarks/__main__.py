"""Where the desk stands beside its peers and its reaches, in one run.

python -m benchmarks [--quick] [--only live] [--into docs/benchmarks]
"""

import argparse
import importlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, report
from benchmarks.result import Options, Result

# Each has `rows(options)`.
MODULES = ("live", "scale")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny numbers, nothing is judged")
    parser.add_argument("--only", choices=MODULES, action="append", help="leave out the others")
    parser.add_argument("--into", type=Path, default=Path("docs/benchmarks"))
    given = parser.parse_args()
    described = machine.description()
    command = " ".join(["python -m benchmarks", *sys.argv[1:]])
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    results = []
    for result in _rows(given.only or MODULES, Options(quick=given.quick)):
        results.append(result)
        sys.stdout.write(f"{result.what}: {result.verdict}\n{_figures(result)}\n")
        sys.stdout.flush()
        # What is measured stays, however the run ends.
        report.write(given.into, results, described, when, command)


def _rows(names: tuple[str, ...], options: Options) -> Iterator[Result]:
    for name in names:
        yield from importlib.import_module(f"benchmarks.{name}").rows(options)


def _figures(result: Result) -> str:
    return "".join(f"  {name}: {report.shown(one)}\n" for name, one in result.figures.items())


if __name__ == "__main__":
    main()
