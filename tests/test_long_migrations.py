"""A migration may take as long as it takes: on many cases one statement takes minutes."""

import asyncio

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from escalation_app.db import engine
from escalation_app.db.engine import Database
from tests.servers.postgres_server import PostgresServer

# PostgreSQL asks it before each statement that makes a table.
DAWDLE = """
CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_query() LIKE '%CREATE TABLE person (%' THEN PERFORM pg_sleep({seconds}); END IF;
END $$
"""
BEFORE_TABLES = "CREATE EVENT TRIGGER dawdling ON ddl_command_start EXECUTE FUNCTION dawdle()"


@pytest.mark.long
def test_a_migration_outlasts_the_patience_that_clicks_have(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    longer = engine.STATEMENT_SECONDS + 1
    asyncio.run(say(url, DAWDLE.format(seconds=longer), BEFORE_TABLES))
    config = Config("alembic.ini")
    config.set_main_option("database_url", url)
    command.upgrade(config, "0001")


async def say(url: str, *statements: str) -> None:
    database = Database(url)
    async with database.transaction() as session:
        for statement in statements:
            await session.execute(text(statement))
    await database.close()
