"""What goes straight to PostgreSQL's driver is as safe as what goes the long way."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, bindparam, select, text

from escalation_app.db import liveness, straight
from escalation_app.db.engine import Database
from escalation_app.domain.columns import EnumText, UrgencyRank
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.domain.vocabulary import Queue, Urgency
from tests.servers.postgres_server import PostgresServer

CASE = Table("a_case", MetaData(), Column("queue", EnumText(Queue)), Column("urgency", UrgencyRank))
OF_QUEUE = select(CASE).where(CASE.c.queue == bindparam("queue"))


async def test_values_are_written_and_read_by_their_types(own_postgres: PostgresServer) -> None:
    database = await with_a_case(own_postgres)
    assert await ask(database, Queue.PUBLISHED) == [Queue.PUBLISHED, Urgency.HIGH]
    assert await ask(database, Queue.PREVIEW) is None
    await database.close()


async def test_of_a_restart_one_who_asks_hears_and_nobody_after(
    own_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if no time had passed: no connection is asked for having lain idle.
    monkeypatch.setattr(liveness, "IDLE_SECONDS", 600)
    database = await with_a_case(own_postgres)
    await asyncio.gather(*(ask(database, Queue.PUBLISHED, 0.1) for _ in range(8)))
    own_postgres.stop()
    own_postgres.resume()
    with pytest.raises(DeskUnavailable):
        await ask(database, Queue.PUBLISHED)
    after = await asyncio.gather(*(ask(database, Queue.PUBLISHED) for _ in range(8)))
    assert after == [[Queue.PUBLISHED, Urgency.HIGH]] * 8
    await database.close()


async def test_a_table_that_is_changed_meanwhile_is_read_all_the_same(
    own_postgres: PostgresServer,
) -> None:
    database = await with_a_case(own_postgres)
    await ask(database, Queue.PUBLISHED)
    async with database.transaction() as session:
        await session.execute(text("ALTER TABLE a_case ALTER urgency TYPE integer"))
    assert await ask(database, Queue.PUBLISHED) == [Queue.PUBLISHED, Urgency.HIGH]
    await database.close()


async def test_a_statement_that_the_database_refuses_leaves_the_connection_in_order(
    own_postgres: PostgresServer,
) -> None:
    database = await with_a_case(own_postgres)
    missing = select(Table("nowhere", MetaData(), Column("queue", EnumText(Queue))))
    async with database.statements() as connection:
        with pytest.raises(straight.asyncpg.UndefinedTableError):
            await straight.first(connection, missing, {})
        assert await straight.first(connection, OF_QUEUE, {"queue": Queue.PUBLISHED})
    await database.close()


async def with_a_case(server: PostgresServer) -> Database:
    database = Database(server.url("postgres"))
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE a_case (queue varchar, urgency smallint)"))
        await session.execute(CASE.insert().values(queue=Queue.PUBLISHED, urgency=Urgency.HIGH))
    return database


async def ask(database: Database, queue: Queue, pause: float = 0) -> Sequence[Any] | None:
    async with database.statements() as connection:
        found = await straight.first(connection, OF_QUEUE, {"queue": queue})
        await asyncio.sleep(pause)
    return found
