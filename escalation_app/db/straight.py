"""Statements sent straight to PostgreSQL's driver: what every click asks, compiled once.

Only where each statement is a transaction by itself (`Database.statements`): nobody begins one here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Dialect, Select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

from escalation_app.db.liveness import doubt

Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The text, and how each of its values and columns is written for the driver and read from it."""

    sql: str
    values: tuple[tuple[str, Any, Process], ...]
    columns: tuple[Process, ...]

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            value if process is None else process(value)
            for value, process in (
                (values.get(name, known), process) for name, known, process in self.values
            )
        ]

    def read(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.columns:
            return row
        return [
            value if process is None else process(value)
            for value, process in zip(row, self.columns, strict=True)
        ]


async def first(
    connection: AsyncConnection, statement: Executable, values: Mapping[str, Any]
) -> Sequence[Any] | None:
    """The first row of its answer, if it has one."""
    prepared = _prepared(statement, connection.dialect)
    given = prepared.given(values)
    _tell_listeners(connection, prepared.sql, given)
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        row = await driver.fetchrow(prepared.sql, *given)
    except BaseException as error:
        if driver.is_closed() or not isinstance(error, asyncpg.PostgresError):
            # What others in the pool lead to is asked before it is trusted.
            doubt(connection.sync_engine)
            await connection.invalidate()
        raise
    return None if row is None else prepared.read(row)


@lru_cache(maxsize=64)
def _prepared(statement: Any, dialect: Dialect) -> _Prepared:
    compiled = statement.compile(dialect=dialect)

    def written(of: TypeEngine[Any]) -> Process:
        return of.dialect_impl(dialect).bind_processor(dialect)

    def read(of: TypeEngine[Any]) -> Process:
        return of.dialect_impl(dialect).result_processor(dialect, None)

    known = compiled.construct_params(_check=False)
    values = tuple(
        (name, known[name], written(compiled.binds[name].type)) for name in compiled.positiontup
    )
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    return _Prepared(compiled.string, values, tuple(read(column.type) for column in columns))


def _tell_listeners(connection: AsyncConnection, sql: str, given: list[Any]) -> None:
    """Whoever listens at the engine hears of it as of any other statement."""
    at = connection.sync_connection
    assert at is not None
    at.dispatch.before_cursor_execute(at, None, sql, given, None, False)
