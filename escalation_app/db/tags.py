"""The topics and areas each queue knows."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.upsert import upsert
from escalation_app.domain.tags import QueueTag, TagKind
from escalation_app.domain.vocabulary import Queue


async def remember(session: AsyncSession, queue: Queue, kind: TagKind, name: str) -> None:
    await session.execute(
        upsert(session, QueueTag).values(queue=queue, kind=kind, name=name).on_conflict_do_nothing()
    )


async def known(session: AsyncSession, queue: Queue, kind: TagKind) -> frozenset[str]:
    query = select(col(QueueTag.name)).where(
        col(QueueTag.queue) == queue, col(QueueTag.kind) == kind
    )
    return frozenset((await session.execute(query)).scalars().all())
