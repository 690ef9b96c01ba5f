"""`verify-audit` as an operator runs it."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from escalation_app.db import people
from escalation_app.db.engine import Database
from escalation_app.integrations.sealer import HmacSealer
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from escalation_app.services.people import as_viewer
from tests.cast import a_case, gather_cast, id_of
from tests.servers.postgres_server import binary
from tests.services.attacker import attacking

KEY = "a key of forty characters or thereabouts"
PROJECT = Path(__file__).resolve().parents[1]


def cli(database_url: str, *arguments: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    surroundings = {"DATABASE_URL": database_url, "ESCALATION_SECRET_KEY": key, "REDIS_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "escalation_app.cli", *arguments],
        cwd=PROJECT,
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


def on_the_desk(database_url: str, work: Callable[[Desk], Awaitable[Any]]) -> None:
    async def with_desk() -> None:
        desk = Desk(Database(database_url), sealer=HmacSealer(KEY))
        await work(desk)
        await desk.database.close()

    asyncio.run(with_desk())


@pytest.fixture
def database(empty_database_url: str) -> str:
    """A migrated database with two cases, of two entries and of one."""
    assert cli(empty_database_url, "migrate").returncode == 0

    async def work(desk: Desk) -> None:
        cast = await gather_cast(desk)
        case = await a_case(desk, cast)
        await escalations.claim(desk, cast.maria, id_of(case))
        await a_case(desk, cast)

    on_the_desk(empty_database_url, work)
    return empty_database_url


def test_an_operator_reads_that_all_is_whole_or_what_is_not(database: str) -> None:
    looked = cli(database, "verify-audit")
    assert (looked.returncode, looked.stdout) == (
        0,
        "Whole: 2 cases, 3 sealed entries as written.\n",
    )

    async def attack(desk: Desk) -> None:
        async with attacking(desk) as attacker:
            await attacker.does("UPDATE timeline_entry SET actor = 'Omar' WHERE id = 2")
            await attacker.does("DELETE FROM timeline_entry WHERE id = 3")

    on_the_desk(database, attack)
    looked = cli(database, "verify-audit")
    assert looked.returncode == 1
    assert looked.stdout.splitlines() == [
        "Case 1: entry 2 (row 2) was changed.",
        "Case 2: from entry 1 on it was cut off, or the count of them was changed.",
        "Not whole: 2 findings; 2 cases, 1 sealed entry as written.",
    ]


def restored(database_url: str, backups: Path) -> str:
    """Another database, of a backup as `docs/operations.md` makes it."""
    backup = backups / "backup"
    if database_url.startswith("sqlite"):
        file = database_url.removeprefix("sqlite:///")
        # What `.backup` does, without its program.
        with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(backup)) as other_one:
            one.backup(other_one)
        return f"sqlite:///{backup}"
    dump = [binary("pg_dump"), "--format=custom", f"--file={backup}", database_url]
    subprocess.run(dump, check=True)
    other = f"{database_url}_restored"
    server, _, name = other.rpartition("/")
    create = [binary("createdb"), f"--maintenance-db={server}/postgres", "--owner=desk", name]
    subprocess.run(create, check=True)
    restore = [binary("pg_restore"), "--exit-on-error", "--no-owner", f"--dbname={other}"]
    subprocess.run([*restore, str(backup)], check=True)
    return other


def test_what_was_restored_is_whole_and_goes_on(database: str, tmp_path: Path) -> None:
    other = restored(database, tmp_path)
    looked = cli(other, "verify-audit")
    assert (looked.returncode, looked.stdout) == (
        0,
        "Whole: 2 cases, 3 sealed entries as written.\n",
    )

    async def maria_claims_the_other_case(desk: Desk) -> None:
        async with desk.database.reading() as session:
            maria = await people.by_username(session, "maria")
        assert maria is not None
        await escalations.claim(desk, await as_viewer(desk, maria), 2)

    on_the_desk(other, maria_claims_the_other_case)
    assert cli(other, "verify-audit").stdout == "Whole: 2 cases, 4 sealed entries as written.\n"
    assert cli(database, "verify-audit").stdout == "Whole: 2 cases, 3 sealed entries as written.\n"


def test_another_key_is_suspected_where_no_seal_fits(database: str) -> None:
    looked = cli(database, "verify-audit", key="some other key")
    assert looked.returncode == 1
    assert looked.stdout.endswith(
        " No seal fits at all: is this the key that the desk works with?\n"
    )


def test_without_the_desks_key_nothing_is_verified_and_none_is_made(tmp_path: Path) -> None:
    looked = cli(f"sqlite:///{tmp_path / 'desk.db'}", "verify-audit", key="")
    assert looked.returncode == 1
    assert "please set ESCALATION_SECRET_KEY" in looked.stderr
    assert list(tmp_path.iterdir()) == []
