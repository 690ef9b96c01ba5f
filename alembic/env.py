"""Run migrations on SQLite or PostgreSQL, with the engine that the desk itself uses."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, TextClause
from sqlmodel import SQLModel

from escalation_app.db.engine import Database
from escalation_app.domain import (  # noqa: F401 - their tables
    conversation,
    credentials,
    escalation,
    idempotency,
    publication,
    queue_count,
    search,
    tags,
)
from escalation_app.settings import settings


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """All but what finds cases by trigrams, which each database does in its own way."""
    index = "search_index" if kind == "table" else "ix_search_document_trigrams"
    return not (name or "").startswith(index)


def is_comparable(
    made: Any, _name: str | None, kind: str, _reflected: bool, _compared: object
) -> bool:
    """SQLite does not tell which column of an index descends; a test reads its statements."""
    return kind != "index" or not any(isinstance(one, TextClause) for one in made.expressions)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=is_modelled,
        include_object=is_comparable if connection.dialect.name == "sqlite" else None,
    )
    with context.begin_transaction():
        context.run_migrations()


async def online() -> None:
    url = context.config.get_main_option("database_url") or settings().database_url
    # To make an index of a million cases takes longer than a click may.
    database = Database(url, statement_seconds=None)
    async with database.engine.begin() as connection:
        await connection.run_sync(migrate)
    await database.close()


asyncio.run(online())
