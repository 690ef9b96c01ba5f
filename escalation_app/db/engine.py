"""The database: its engine, and transactions that either happen whole or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    create_async_engine,
)

from escalation_app.database_address import async_url
from escalation_app.db import one_trip
from escalation_app.db.failures import CONFLICTS, FAILURES, refusal_of, refusal_of_writing
from escalation_app.db.liveness import ask_idle_connections
from escalation_app.db.moment import of_one_moment
from escalation_app.db.writer_queue import WriterQueue

BUSY_TIMEOUT_MS = 5_000
# SQLite reads so much of its file without asking the system for each page.
MAPPED_BYTES = 2**31 - 2**16
# As many at once in each process.
CONNECTIONS = 20
POOL_SECONDS = 5
# A database behind a line that swallows everything must not hold its callers for ever.
STATEMENT_SECONDS = 10


class Database:
    """One engine. Open it in a lifespan, never at import: workers fork after import."""

    def __init__(
        self, database_url: str, *, statement_seconds: float | None = STATEMENT_SECONDS
    ) -> None:
        """A statement may take so long, and `None` for what takes as long as it takes."""
        url = async_url(database_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite and url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(url, statement_seconds)
        self._turns = asyncio.Semaphore(CONNECTIONS)
        # Of one pool, prepared once: what a transaction is for is said when it begins.
        self._writing, self._reading, self._glancing = self.engine, self.engine, self.engine
        if self.is_sqlite:
            self._writing = self.engine.execution_options(desk_begins="BEGIN IMMEDIATE")
            self._glancing = self.engine.execution_options(desk_begins="")
        else:
            # PostgreSQL would give each statement of a transaction a moment of its own.
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._glancing = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writers = WriterQueue(BUSY_TIMEOUT_MS / 1000)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A writing transaction: the only commit there is. Any exception rolls it back whole.

        Raises:
            DeskUnavailable: The database is locked or gone. Nothing was changed.
            DiskFull: It can't write. Nothing was changed.
            OutcomeUnknown: It went away while it committed.
        """
        turn = self._writers.turn() if self.is_sqlite else nullcontext()
        async with turn, self._session(self._writing) as session:
            yield session
            # Whatever fails before the commit itself has changed nothing.
            await session.flush()
            try:
                await session.commit()
            except FAILURES as error:
                # SQLite's commit is here and failed; another machine's may have been done.
                refusal = refusal_of if self.is_sqlite else refusal_of_writing
                raise refusal(error) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that sees one moment of the database, never committed.

        Raises:
            DeskUnavailable: The database is gone.
        """
        async with self._session(self._reading, of_one_moment()) as session:
            yield session

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncSession]:
        """For one statement, which sees one moment by itself: no trips to begin and end.

        Raises:
            DeskUnavailable: The database is gone.
        """
        async with self._session(self._glancing) as session:
            yield session

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[AsyncConnection]:
        """For statements each of which is a transaction by itself; what it writes is kept at once.

        Raises:
            DeskUnavailable: The database is gone.
        """
        try:
            async with self._turn(), self._glancing.connect() as connection:
                yield connection
        except CONFLICTS:
            raise
        except FAILURES as error:
            raise refusal_of(error) from error

    @asynccontextmanager
    async def _session(
        self, engine: AsyncEngine, info: dict[str, Any] | None = None
    ) -> AsyncIterator[AsyncSession]:
        opened = AsyncSession(engine, expire_on_commit=False, info=info)
        try:
            async with self._turn(), opened as session:
                yield session
        except CONFLICTS:
            raise
        except FAILURES as error:
            raise refusal_of(error) from error

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Who has waited longest is next. In the pool itself, who asks at the right moment is."""
        async with asyncio.timeout(POOL_SECONDS):
            await self._turns.acquire()
        try:
            yield
        finally:
            self._turns.release()

    async def close(self) -> None:
        await self.engine.dispose()


def is_straight(connection: AsyncConnection) -> bool:
    """Whether each of its statements is a transaction by itself."""
    options = (
        connection.sync_connection.get_execution_options() if connection.sync_connection else {}
    )
    return options.get("isolation_level") == "AUTOCOMMIT"


def _engine(url: URL, statement_seconds: float | None) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        waits = {"lock_timeout": f"{BUSY_TIMEOUT_MS}ms"}
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            connect_args={
                "timeout": POOL_SECONDS,
                "command_timeout": statement_seconds,
                "server_settings": waits,
            },
        )
        ask_idle_connections(engine.sync_engine)
        return engine
    pool = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": POOL_SECONDS}
    in_a_file = pool if url.database not in (None, ":memory:") else {}
    how = {"timeout": BUSY_TIMEOUT_MS / 1000, "async_creator_fn": one_trip.connect}
    engine = create_async_engine(url, hide_parameters=True, connect_args=how, **in_a_file)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions of its own: we say which kind each one is.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"mmap_size={MAPPED_BYTES}",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A writer takes its lock at once. One that reads first would fail on the upgrade instead.
    begins = connection.get_execution_options().get("desk_begins", "BEGIN")
    if begins:
        connection.exec_driver_sql(begins)
