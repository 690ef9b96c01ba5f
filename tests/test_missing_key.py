"""Outside the demo nothing on PostgreSQL works with a key that no other process has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("command", ["run", "seed", "simulate", "list-api-keys"])
def test_who_forgot_the_key_is_told_so_before_anything_is_done(command: str) -> None:
    nobody_is_there = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "ESCALATION_SECRET_KEY": "",
        "ESCALATION_DEMO": "0",
    }
    asked = subprocess.run(
        [sys.executable, "-m", "escalation_app.cli", command],
        cwd=PROJECT,
        env=os.environ | nobody_is_there,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert asked.stderr == (
        "Outside the demo a desk on PostgreSQL needs its key: please set ESCALATION_SECRET_KEY.\n"
    )
