"""What the container image is made of is what the tests ran on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.servers.ports import free_port

PROJECT = Path(__file__).resolve().parents[1]


def pinned(lock: str) -> dict[str, str]:
    """Each package with its version, condition and hashes."""
    blocks = re.split(r"\n(?=[a-z])", (PROJECT / lock).read_text())
    without_comments = (
        "\n".join(re.sub(r"\s*#.*", "", line) for line in block.splitlines()) for block in blocks
    )
    pins = (re.match(r"([\w.-]+)(\[\w+\])?==.*", block, re.S) for block in without_comments)
    return {pin[1]: re.sub(r"\s+", " ", pin[0]).strip() for pin in pins if pin}


def versions(pins: dict[str, str]) -> dict[str, str]:
    return {name: pin.split()[0].partition("==")[2] for name, pin in pins.items()}


def test_the_image_has_the_tested_versions_and_none_of_the_tools() -> None:
    serving, all_pins = (
        versions(pinned("requirements.serve.lock")),
        versions(pinned("requirements.lock")),
    )
    assert serving.items() <= all_pins.items()
    assert "granian" in serving
    assert not {"pytest", "playwright", "hypothesis", "mypy"} & set(serving)


def test_all_that_the_image_is_made_of_is_there() -> None:
    kept = (PROJECT / ".dockerignore").read_text().splitlines()
    names = [line.removeprefix("!") for line in kept if line.startswith("!")]
    assert [name for name in names if not (PROJECT / name).exists()] == []


def test_the_composed_desk_keeps_its_database_on_a_volume_and_runs_as_nobody() -> None:
    services = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]
    assert services["database"]["volumes"] == ["database:/var/lib/postgresql/data"]
    assert services["desk"]["cap_drop"] == ["ALL"]
    assert services["desk"]["ports"] == ["127.0.0.1:3000:3000"]
    assert "USER desk" in (PROJECT / "Dockerfile").read_text().splitlines()
    assert all("healthcheck" in services[name] for name in ("database", "redis"))


def test_where_nobody_answers_the_desk_is_not_ready() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "escalation_app.cli", "is-ready"],
        cwd=PROJECT,
        env=os.environ | {"PORT": str(free_port())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert asked.stderr == "No answer: ConnectError.\n"
