"""What a run found: as JSON, as a Markdown table, and as plots."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import plots
from benchmarks.result import Figure, Result

HEAD = """# Benchmarks

Made by `{command}` on {when}. Ratios between servers mean more than any figure by itself: server and
clients share the machine's cores, for the desk and for all peers alike. What each peer does and does not
do is said in its file under `benchmarks/peers/`.

"""


def write(
    directory: Path,
    results: Sequence[Result],
    machine: Mapping[str, str],
    when: str,
    command: str,
) -> None:
    """`results.json`, `README.md` and the plots, over what was there."""
    directory.mkdir(parents=True, exist_ok=True)
    found = {"when": when, "machine": dict(machine), "results": [asdict(r) for r in results]}
    (directory / "results.json").write_text(json.dumps(found, indent=1) + "\n")
    pictures = plots.draw(directory, results)
    text = (
        HEAD.format(when=when, command=command)
        + table(results)
        + "\n"
        + _pictures(pictures)
        + _machine(machine)
    )
    (directory / "README.md").write_text(text)


def table(results: Sequence[Result]) -> str:
    lines = ["| what | figure | beside | reach | reached |", "|---|---|---|---|---|"]
    for one in results:
        figures = "<br>".join(f"{name}: {shown(figure)}" for name, figure in one.figures.items())
        if one.note:
            figures += f"<br>*{one.note}*"
        cells = (one.what, figures, one.beside, one.reach, f"**{one.verdict}**")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def shown(figure: Figure) -> str:
    """With as many digits as say something."""
    value, unit = figure
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _pictures(files: Sequence[Path]) -> str:
    return "".join(f"![{file.stem}]({file.name})\n\n" for file in files)


def _machine(machine: Mapping[str, str]) -> str:
    lines = "".join(f"| {name} | {value} |\n" for name, value in machine.items())
    return f"## The machine\n\n| | |\n|---|---|\n{lines}"
