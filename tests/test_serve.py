"""What production stands on is judged before anything is served."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
KEY = "0123456789abcdef0123456789abcdef"


def served(**chosen: str) -> str:
    """What `serve` says before it fails for want of a database."""
    own = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ESCALATION_SECRET_KEY": KEY,
        "ESCALATION_PUBLIC_URL": "https://desk.example.com",
    }
    asked = subprocess.run(
        [sys.executable, "-m", "escalation_app.cli", "serve"],
        cwd=PROJECT,
        env=os.environ | own | chosen,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    return asked.stdout + asked.stderr


@pytest.mark.parametrize("key", ["x", KEY[1:], f"{' ' * 32}x"])
def test_a_short_key_is_refused_and_not_repeated(key: str) -> None:
    said = served(ESCALATION_SECRET_KEY=key)
    assert said == (
        "The desk can't be served: "
        "ESCALATION_SECRET_KEY must have 32 characters or more, chosen at random.\n"
    )


@pytest.mark.parametrize(
    ("address", "is_warned"),
    [
        ("http://desk.example.com", True),
        ("https://desk.example.com", False),
        ("http://127.0.0.1:3000", False),
    ],
)
def test_people_elsewhere_on_plain_http_are_warned_of(address: str, is_warned: bool) -> None:
    said = served(ESCALATION_PUBLIC_URL=address)
    assert ("can be read on their way" in said) is is_warned
    assert "can't be served" not in said


@pytest.mark.parametrize(("proxies", "is_warned"), [("", True), ("127.0.0.1", False)])
def test_who_serves_on_https_is_reminded_to_name_the_proxy(proxies: str, is_warned: bool) -> None:
    said = served(ESCALATION_TRUSTED_PROXIES=proxies)
    assert ("ESCALATION_TRUSTED_PROXIES names no proxy" in said) is is_warned


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "ESCALATION_SECRET_KEY"])
def test_what_is_missing_is_named(name: str) -> None:
    assert served(**{name: ""}) == f"The desk can't be served: please set {name}.\n"


def test_a_desk_on_sqlite_is_not_served() -> None:
    said = served(DATABASE_URL="sqlite:///data/escalations.db")
    assert said == "The desk can't be served: DATABASE_URL must name a PostgreSQL.\n"


def test_a_second_desk_on_the_port_of_another_is_not_served(tmp_path: Path) -> None:
    with socket.socket() as other:
        # As workers do, who share theirs.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        asked = subprocess.run(
            [sys.executable, "-m", "escalation_app.serving"],
            cwd=PROJECT,
            env=os.environ | {"PORT": str(port), "DATABASE_URL": f"sqlite:///{tmp_path}/desk.db"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert asked.returncode == 1
    assert f"something else serves on port {port} of 127.0.0.1" in asked.stderr
