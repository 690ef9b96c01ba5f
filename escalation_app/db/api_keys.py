"""Queries on API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import configurations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.credentials import TOUCH_INTERVAL, ApiKey
from escalation_app.domain.people import Person
from escalation_app.domain.vocabulary import Queue


class Holder(NamedTuple):
    """A key, whose it is, and what the queues run on."""

    key: ApiKey
    person: Person
    in_force: dict[Queue, Configuration]


_HOLDER = (
    select(ApiKey, Person, configurations.PREVIEWED, configurations.PUBLISHED)
    .join(Person, col(Person.id) == col(ApiKey.person_id))
    .where(col(ApiKey.key_hash) == bindparam("hash"), col(ApiKey.revoked_at).is_(None))
)


async def holder(session: AsyncSession, key_hash: str) -> Holder | None:
    """A key that is not revoked, with whose it is: one statement, for every request asks it."""
    row = (await session.execute(_HOLDER, {"hash": key_hash})).one_or_none()
    if row is None:
        return None
    return Holder(row[0], row[1], {Queue.PREVIEW: row[2], Queue.PUBLISHED: row[3]})


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


async def revoke_all_of(session: AsyncSession, person_id: int, now: datetime) -> int:
    """Of one person, and how many were not revoked before."""
    query = (
        update(ApiKey)
        .where(col(ApiKey.person_id) == person_id, col(ApiKey.revoked_at).is_(None))
        .values(revoked_at=now)
    )
    revoked = await session.execute(query.returning(col(ApiKey.id)))
    return len(revoked.all())


def _with_person() -> Select[ApiKey, Person]:
    return select(ApiKey, Person).join(Person, col(Person.id) == col(ApiKey.person_id))
