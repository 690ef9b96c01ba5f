"""Queries on the keys of requests that may be sent again."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.upsert import upsert
from escalation_app.domain.idempotency import REMEMBERED, IdempotencyKey


async def take(
    session: AsyncSession, person_id: int, key: str, request_hash: str, now: datetime
) -> bool:
    """Whether the key is new. One that another transaction is about to write is waited for."""
    await session.execute(
        delete(IdempotencyKey).where(col(IdempotencyKey.created_at) <= now - REMEMBERED)
    )
    statement = (
        upsert(session, IdempotencyKey)
        .values(person_id=person_id, key=key, request_hash=request_hash, created_at=now)
        .on_conflict_do_nothing()
        .returning(col(IdempotencyKey.key))
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def taken(session: AsyncSession, person_id: int, key: str) -> IdempotencyKey:
    query = select(IdempotencyKey).where(
        col(IdempotencyKey.person_id) == person_id, col(IdempotencyKey.key) == key
    )
    found: IdempotencyKey = (await session.execute(query)).scalar_one()
    return found
