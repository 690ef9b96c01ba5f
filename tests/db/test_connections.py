"""Connections are shared fairly, and one that leads nowhere any more is noticed."""

import asyncio
from contextlib import AsyncExitStack

from sqlalchemy import text

from escalation_app.db.engine import CONNECTIONS, Database
from escalation_app.db.liveness import IDLE_SECONDS
from escalation_app.services.desk import Desk
from tests.servers.postgres_server import PostgresServer


async def test_who_waits_for_a_connection_is_before_who_asks_again_and_again(desk: Desk) -> None:
    told: list[str] = []
    async with AsyncExitStack() as held:
        for _ in range(CONNECTIONS - 1):
            session = await held.enter_async_context(desk.database.reading())
            await session.connection()
        greedy = asyncio.create_task(ask(desk.database, 20, "greedy", told))
        await asyncio.sleep(0)
        await asyncio.gather(greedy, *(ask(desk.database, 1, "patient", told) for _ in range(3)))
    assert told[:5].count("patient") == 3, told


async def test_nobody_who_comes_after_a_restart_of_the_database_hears_of_it(
    own_postgres: PostgresServer,
) -> None:
    database, told = Database(own_postgres.url("postgres")), list[str]()
    await asyncio.gather(*(ask(database, 1, "before", told) for _ in range(8)))
    own_postgres.stop()
    own_postgres.resume()
    await asyncio.sleep(IDLE_SECONDS)
    await asyncio.gather(*(ask(database, 1, "after", told) for _ in range(8)))
    await database.close()
    assert told.count("after") == 8


async def ask(database: Database, times: int, who: str, told: list[str]) -> None:
    for _ in range(times):
        async with database.reading() as session:
            await session.execute(text("SELECT 1"))
        told.append(who)
