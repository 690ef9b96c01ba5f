"""SQLite with one trip to its thread for each statement.

A connection lives in a thread of its own. The library goes there to make a cursor, to execute, to
fetch and to close, and the way is most of what a short statement costs. Here the rows come along.
"""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

# The library's own default; nothing here reads in parts.
CHUNK = 64
STREAMED = "Rows come along with their statement: a stream of them would find none left."


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """A connection that opens when it is awaited."""
    connection = Connection(partial(sqlite3.connect, database, **options), CHUNK)
    # A program that ends does not wait for it.
    connection._thread.daemon = True
    return connection


class Connection(aiosqlite.Connection):
    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def go(self, errand: Any, *arguments: Any) -> Any:
        """One trip. Raises what the errand raises."""
        return await self._execute(errand, *arguments)  # type: ignore[no-untyped-call]


class Cursor(aiosqlite.Cursor):
    """Made by its statement. Its rows are all read, so there is nothing to close."""

    def __init__(self, connection: Connection) -> None:
        self.iter_chunk_size = CHUNK
        self._connection = connection
        self._rows: Sequence[Any] = ()

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        asked = await self._connection.go(_ask, self._connection._conn, sql, parameters)
        self._cursor, self._rows = asked
        return self

    async def executemany(self, sql: str, parameters: Any) -> Self:
        self._cursor = await self._connection.go(
            self._connection._conn.executemany, sql, parameters
        )
        return self

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def fetchone(self) -> Any:
        raise NotImplementedError(STREAMED)

    async def fetchmany(self, size: int | None = None) -> Any:
        raise NotImplementedError(STREAMED)

    async def close(self) -> None:
        return


def _ask(
    connection: sqlite3.Connection, sql: str, parameters: Any
) -> tuple[sqlite3.Cursor, Sequence[Any]]:
    cursor = connection.execute(sql, parameters)
    return cursor, cursor.fetchall() if cursor.description else ()
