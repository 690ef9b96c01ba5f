"""Queries on API keys."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.credentials import TOUCH_INTERVAL, ApiKey
from escalation_app.domain.people import Person


async def holder(session: AsyncSession, key_hash: str) -> tuple[ApiKey, Person] | None:
    """A key that is not revoked, with whose it is."""
    query = _with_person().where(col(ApiKey.key_hash) == key_hash, col(ApiKey.revoked_at).is_(None))
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def all_with_holders(session: AsyncSession) -> Sequence[tuple[ApiKey, Person]]:
    """Revoked ones too, newest first."""
    rows = (await session.execute(_with_person().order_by(col(ApiKey.id).desc()))).all()
    return [(row[0], row[1]) for row in rows]


async def touch(session: AsyncSession, key_id: int, now: datetime) -> None:
    """Note the use, unless another request of the same minute has."""
    used = col(ApiKey.last_used_at)
    await session.execute(
        update(ApiKey)
        .where(col(ApiKey.id) == key_id, or_(used.is_(None), used <= now - TOUCH_INTERVAL))
        .values(last_used_at=now)
    )


def _with_person() -> Select[ApiKey, Person]:
    return select(ApiKey, Person).join(Person, col(Person.id) == col(ApiKey.person_id))
