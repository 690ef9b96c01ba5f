"""Databases with many cases, kept in the temporary folder: filling them is done once."""

import asyncio
import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from benchmarks import many_cases
from escalation_app.database_address import async_url
from escalation_app.db import fresh_queue
from tests.servers.postgres_server import PostgresServer

# What a desk of a million cases would be given. All else, fsync too, is as PostgreSQL begins.
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "4GB"}


class FilledDatabases:
    """Opened by `filled_databases`, which ends the PostgreSQL that it starts."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self._folder = folder
        self.server = server

    def url(self, kind: str, size: int) -> str:
        """A database of this size, filled now if none is kept."""
        return self._sqlite(size) if kind == "sqlite" else self._postgresql(size)

    def new_copy(self, name: str, size: int) -> str:
        """A PostgreSQL database of pending cases that may be changed, made anew."""
        blueprint = f"pending_{size}"
        if not self._has(blueprint):
            self._make(blueprint, size, all_pending=True)
        self._command(f"DROP DATABASE IF EXISTS {name}")
        return self.server.new_database(name, copied_from=blueprint)

    def _sqlite(self, size: int) -> str:
        kept = self._folder / f"{size}.db"
        if not kept.exists():
            unfinished = kept.with_suffix(".unfinished")
            for file in self._folder.glob(f"{unfinished.name}*"):
                file.unlink()
            _fill(f"sqlite:///{unfinished}", size)
            unfinished.rename(kept)
        return f"sqlite:///{kept}"

    def _postgresql(self, size: int) -> str:
        name = f"cases_{size}"
        if not self._has(name):
            self._make(name, size)
        return self.server.url(name)

    def _make(self, name: str, size: int, *, all_pending: bool = False) -> None:
        self._command(f"DROP DATABASE IF EXISTS unfinished_{name}")
        _fill(self.server.new_database(f"unfinished_{name}"), size, all_pending=all_pending)
        self._command(f"ALTER DATABASE unfinished_{name} RENAME TO {name}")

    def _has(self, name: str) -> bool:
        return self._command(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")

    def _command(self, sql: str) -> bool:
        """Whether it had a row to say."""
        return asyncio.run(_commanded(self.server.url("postgres"), sql))


@contextmanager
def filled_databases() -> Iterator[FilledDatabases]:
    """Those of this very schema and filling; others in the folder are let be."""
    folder = Path(tempfile.gettempdir()) / f"desk-benchmarks-{_fingerprint()}"
    folder.mkdir(exist_ok=True)
    cluster = folder / "postgresql"
    cluster.mkdir(exist_ok=True)
    server = PostgresServer(cluster, SETTINGS)
    server.start()
    try:
        yield FilledDatabases(folder, server)
    finally:
        server.stop()


async def _commanded(url: str, sql: str) -> bool:
    engine = create_async_engine(async_url(url), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            done = await connection.execute(text(sql))
            return done.returns_rows and done.first() is not None
    finally:
        await engine.dispose()


def _fill(url: str, size: int, *, all_pending: bool = False) -> None:
    async def fill() -> None:
        # Not the desk's own engine, which waits ten seconds for a statement and no longer.
        engine = create_async_engine(async_url(url))
        await many_cases.fill(engine, size, all_pending=all_pending)
        await engine.dispose()

    begun = time.perf_counter()
    asyncio.run(fill())
    took = time.perf_counter() - begun
    sys.stderr.write(f"Filled {url.partition(':')[0]} with {size:,} cases in {took:.0f} s.\n")


def _fingerprint() -> str:
    """Of the tables, of what keeps them, and of how they are filled."""
    tables = SQLModel.metadata.sorted_tables
    said = [str(CreateTable(table)) for table in tables]
    said += sorted(str(CreateIndex(index)) for table in tables for index in table.indexes)
    said += [str(fresh_queue.COUNTING), str(fresh_queue.INDEXING)]
    said += [Path(many_cases.__file__).read_text()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
