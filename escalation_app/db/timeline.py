"""Queries on the timeline."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.escalations import within
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Scope
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, TimelineKind


async def of_case(session: AsyncSession, escalation_id: int) -> Sequence[TimelineEntry]:
    query = (
        select(TimelineEntry)
        .where(col(TimelineEntry.escalation_id) == escalation_id)
        .order_by(col(TimelineEntry.id))
    )
    return (await session.execute(query)).scalars().all()


async def head(session: AsyncSession) -> int:
    """The newest entry's number, 0 when there is none."""
    newest = (await session.execute(select(func.max(col(TimelineEntry.id))))).scalar_one()
    return newest or 0


async def since(
    session: AsyncSession, seq: int, limit: int = 5_000
) -> Sequence[tuple[TimelineEntry, Escalation]]:
    """Entries after `seq` with their cases, oldest first."""
    query = (
        select(TimelineEntry, Escalation)
        .join(Escalation, col(Escalation.id) == col(TimelineEntry.escalation_id))
        .where(col(TimelineEntry.id) > seq)
        .order_by(col(TimelineEntry.id))
        .limit(limit)
    )
    return [(entry, escalation) for entry, escalation in (await session.execute(query)).all()]


async def count_since(session: AsyncSession, scope: Scope, queue: Queue, seq: int) -> int:
    """How many changes a person missed after `seq`, within scope and queue."""
    query = (
        select(func.count())
        .select_from(TimelineEntry)
        .join(Escalation, col(Escalation.id) == col(TimelineEntry.escalation_id))
        .where(col(TimelineEntry.id) > seq, within(scope, queue))
        .where(col(TimelineEntry.kind) != TimelineKind.CLAIM_REFUSED)
    )
    return int((await session.execute(query)).scalar_one())
