"""Run migrations on SQLite or PostgreSQL, with the engine that the desk itself uses."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from escalation_app.db.engine import Database
from escalation_app.domain import (  # noqa: F401 - their tables
    conversation,
    credentials,
    escalation,
    publication,
    tags,
)
from escalation_app.settings import settings


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def online() -> None:
    database = Database(context.config.get_main_option("database_url") or settings().database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(migrate)
    await database.close()


asyncio.run(online())
