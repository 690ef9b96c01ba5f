"""The benchmarks run from beginning to end; what they find is nobody's business here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_a_quick_run_measures_every_row_and_judges_none(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", "live"]
    done = subprocess.run(
        [*command, "--into", str(tmp_path)], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text())["results"]
    assert [one["what"].split(",")[0].split(":")[0] for one in results] == [
        "Server CPU per change and tab",
        "Latency from commit to client",
        "Burst",
        "Bytes on the wire per change and tab",
        "Latency from commit to client",
        "Latency from commit to painted row",
        "Memory per open tab",
        "Mass reconnect",
        "First load",
    ]
    assert all(one["figures"] and one["reached"] is None for one in results)
    text = (tmp_path / "README.md").read_text()
    assert all(one["what"] in text for one in results)
    assert all((tmp_path / name).exists() for name in _pictures(text))


def _pictures(text: str) -> list[str]:
    return [line.rpartition("(")[2].rstrip(")") for line in text.splitlines() if line[:2] == "!["]
