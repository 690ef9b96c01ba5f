"""`create-user` as an operator runs it."""

from pathlib import Path

import pytest

from tests.test_verify_audit import cli


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    assert cli(url, "migrate").returncode == 0
    return url


def test_an_agent_is_made_without_a_password_and_comes_with_a_key(database_url: str) -> None:
    made = cli(database_url, "create-user", "bot", "AI agent", "agent")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "AI agent is known as bot. Make its key with create-api-key.\n"
    assert cli(database_url, "create-api-key", "bot", "first").returncode == 0


def test_no_key_is_made_for_an_agent_that_was_shut_out(database_url: str) -> None:
    cli(database_url, "create-user", "bot", "AI agent", "agent")
    cli(database_url, "create-api-key", "bot", "first")
    assert "1 key revoked" in cli(database_url, "shut-out", "bot").stdout
    refused = cli(database_url, "create-api-key", "bot", "second")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "AI agent was shut out for good and gets no key.\n"


def test_an_agent_is_given_no_password_to_sign_in_with(database_url: str) -> None:
    refused = cli(database_url, "create-user", "bot", "AI agent", "agent", "--password", "for ages")
    assert refused.returncode != 0
    assert "An agent has no password" in refused.stderr


def test_a_person_is_asked_for_a_password(database_url: str) -> None:
    asked = cli(database_url, "create-user", "nina", "Nina", "supervisor")
    assert asked.returncode != 0
    assert "Password" in asked.stdout + asked.stderr
