"""SQLite through one trip per statement tells what the library tells."""

import sqlite3
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text

from escalation_app.db import one_trip
from escalation_app.db.engine import Database

STATEMENTS: list[tuple[str, Any]] = [
    ("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT UNIQUE)", ()),
    ("INSERT INTO word (text) VALUES (?)", ("refund",)),
    ("INSERT INTO word (text) VALUES ('late'), ('angry') RETURNING id, text", ()),
    ("UPDATE word SET text = upper(text) WHERE id > ?", (1,)),
    ("UPDATE word SET text = 'none' WHERE id = 99", ()),
    ("SELECT id, text FROM word ORDER BY id", ()),
    ("SELECT text FROM word WHERE id = 99", ()),
    ("DELETE FROM word WHERE id = 1", ()),
]


async def test_each_statement_says_what_the_library_would_say(tmp_path: Path) -> None:
    assert await told(one_trip.connect(str(tmp_path / "one"))) == await told(
        aiosqlite.connect(str(tmp_path / "library"))
    )


async def test_many_are_written_as_one_after_the_other() -> None:
    async with one_trip.connect(":memory:") as connection:
        cursor = connection.cursor()
        await cursor.execute("CREATE TABLE word (text TEXT)")
        await cursor.executemany("INSERT INTO word VALUES (?)", [("a",), ("b",)])
        assert cursor.rowcount == 2
        assert await (await cursor.execute("SELECT text FROM word")).fetchall() == [("a",), ("b",)]


async def test_a_statement_that_the_database_refuses_raises_its_error() -> None:
    async with one_trip.connect(":memory:") as connection:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await connection.cursor().execute("SELECT * FROM elsewhere")


async def test_a_statement_with_its_rows_is_one_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    async with one_trip.connect(":memory:") as connection:
        trips: list[Any] = []
        put = connection._tx.put_nowait
        monkeypatch.setattr(
            connection, "_tx", type("Counted", (), {"put_nowait": lambda _, it: count(it)})()
        )

        def count(errand: Any) -> None:
            trips.append(errand)
            put(errand)

        async with connection.cursor() as cursor:
            await cursor.execute("SELECT 1")
            assert await cursor.fetchall() == [(1,)]
        assert len(trips) == 1


async def told(opening: aiosqlite.Connection) -> list[Any]:
    found = []
    async with opening as connection:
        for sql, parameters in STATEMENTS:
            cursor = await connection.cursor().__aenter__()
            await cursor.execute(sql, parameters)
            rows = await cursor.fetchall() if cursor.description else []
            found.append((rows, cursor.description, cursor.rowcount, cursor.lastrowid))
    return found


async def test_who_would_stream_rows_is_told_that_there_are_none_left(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    async with database.reading() as session:
        with pytest.raises(NotImplementedError, match="stream"):
            async for _ in await session.stream(text("SELECT 1")):
                pass
    await database.close()
