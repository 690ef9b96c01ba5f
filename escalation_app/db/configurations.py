"""Queries on the draft, the published versions, and the log of what was done to them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import fresh_database  # noqa: F401 - what these tables begin with
from escalation_app.db.moment import once
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.publication import ConfigurationEntry, Deed, Draft, PublishedVersion
from escalation_app.domain.vocabulary import Queue

_NEWEST = select(func.max(col(PublishedVersion.number))).scalar_subquery()


# What each queue runs on, for a statement that reads something else beside it.
PREVIEWED = select(col(Draft.content)).scalar_subquery()
PUBLISHED = (
    select(col(PublishedVersion.content))
    .where(col(PublishedVersion.number) == _NEWEST)
    .scalar_subquery()
)
# Asked after every change, so it is put together once.
_HEAD = select(func.max(col(ConfigurationEntry.id)))
_IN_FORCE = union_all(
    select(literal(Queue.PREVIEW.value), col(Draft.content)),
    select(literal(Queue.PUBLISHED.value), col(PublishedVersion.content)).where(
        col(PublishedVersion.number) == _NEWEST
    ),
)


async def draft(session: AsyncSession) -> Draft:
    return (await session.execute(select(Draft))).scalar_one()


async def lock_draft(session: AsyncSession) -> Draft:
    """The draft, held until the transaction ends. Every change of the settings begins here."""
    return (await session.execute(select(Draft).with_for_update())).scalar_one()


async def newest(session: AsyncSession) -> PublishedVersion:
    query = select(PublishedVersion).where(col(PublishedVersion.number) == _NEWEST)
    return (await session.execute(query)).scalar_one()


async def version(session: AsyncSession, number: int) -> PublishedVersion | None:
    query = select(PublishedVersion).where(col(PublishedVersion.number) == number)
    found: PublishedVersion | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def versions(session: AsyncSession) -> Sequence[PublishedVersion]:
    """Those that people published, newest first."""
    query = select(PublishedVersion).where(col(PublishedVersion.number) > 0)
    return (
        (await session.execute(query.order_by(col(PublishedVersion.number).desc()))).scalars().all()
    )


async def in_force(session: AsyncSession) -> dict[Queue, Configuration]:
    """What each queue runs on, in one statement, so that the two belong together."""

    async def ask() -> dict[Queue, Configuration]:
        found = (await session.execute(_IN_FORCE)).all()
        return {Queue(queue): content for queue, content in found}

    return await once(session, in_force, ask)


async def of_queue(session: AsyncSession, queue: Queue) -> Configuration:
    match queue:
        case Queue.PREVIEW:
            return (await draft(session)).content
        case Queue.PUBLISHED:
            return (await newest(session)).content


async def sealed_secret_of(session: AsyncSession, queue: Queue) -> str:
    match queue:
        case Queue.PREVIEW:
            return (await draft(session)).sealed_secret
        case Queue.PUBLISHED:
            return (await newest(session)).sealed_secret


async def head(session: AsyncSession) -> int:
    """The newest entry's number, 0 when nothing was ever done. It grows with every change."""
    found = (await session.execute(_HEAD)).scalar_one()
    return found or 0


async def was_done(session: AsyncSession, deeds: Collection[Deed], *, after_revision: int) -> bool:
    """Whether any of these was done after a revision."""
    query = (
        select(col(ConfigurationEntry.id))
        .where(col(ConfigurationEntry.revision) > after_revision)
        .where(col(ConfigurationEntry.deed).in_(list(deeds)))
        .limit(1)
    )
    return (await session.execute(query)).first() is not None


async def entries(
    session: AsyncSession, *, after_revision: int = -1, limit: int = 200
) -> Sequence[ConfigurationEntry]:
    """What was done after a revision, newest first."""
    query = (
        select(ConfigurationEntry)
        .where(col(ConfigurationEntry.revision) > after_revision)
        .order_by(col(ConfigurationEntry.id).desc())
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()
