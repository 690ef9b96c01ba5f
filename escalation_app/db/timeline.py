"""Queries on the timeline."""

from collections.abc import Collection, Sequence

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import CHANGE_NOTHING, Queue, TimelineKind


async def of_case(session: AsyncSession, escalation_id: int) -> Sequence[TimelineEntry]:
    query = (
        select(TimelineEntry)
        .where(col(TimelineEntry.escalation_id) == escalation_id)
        .order_by(col(TimelineEntry.id))
    )
    return (await session.execute(query)).scalars().all()


async def settled_up_to(session: AsyncSession, case: Escalation) -> int | None:
    """The last message before a case was completed; None for all that there are."""
    completed = select(func.max(col(TimelineEntry.id))).where(
        col(TimelineEntry.escalation_id) == case.id,
        col(TimelineEntry.kind) == TimelineKind.COMPLETED,
    )
    query = (
        select(TimelineEntry)
        .where(
            col(TimelineEntry.escalation_id) == case.id,
            col(TimelineEntry.kind) == TimelineKind.MESSAGE_ADDED,
            col(TimelineEntry.id) > completed.scalar_subquery(),
        )
        .order_by(col(TimelineEntry.id))
        .limit(1)
    )
    first_after: TimelineEntry | None = (await session.execute(query)).scalar_one_or_none()
    return None if first_after is None else int(first_after.data["number"]) - 1


async def head(session: AsyncSession) -> int:
    """The newest entry's number, 0 when there is none."""
    newest = (await session.execute(_HEAD)).scalar_one()
    return newest or 0


async def numbers_since(session: AsyncSession, seq: int, limit: int = 5_000) -> Sequence[int]:
    """The numbers of the entries after `seq`, oldest first."""
    query = (
        select(col(TimelineEntry.id))
        .where(col(TimelineEntry.id) > seq)
        .order_by(col(TimelineEntry.id))
        .limit(limit)
    )
    return [number or 0 for number in (await session.execute(query)).scalars()]


async def entries_since(
    session: AsyncSession, seq: int, late: Collection[int] = (), limit: int = 5_000
) -> Sequence[tuple[TimelineEntry, Escalation]]:
    """The entries after `seq` with their cases, oldest first, and those of these numbers."""
    query = _AFTER if not late else _CASES_TOO.where(or_(_IS_AFTER, _ID.in_(late)))
    found = await session.execute(query, {"seq": seq, "most": limit})
    return [(entry, escalation) for entry, escalation in found.all()]


async def count_since(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter, seq: int
) -> int:
    """How many changes a person missed after `seq`, within scope, queue and what they triage by."""
    query = (
        select(func.count())
        .select_from(TimelineEntry)
        .join(Escalation, col(Escalation.id) == col(TimelineEntry.escalation_id))
        .where(col(TimelineEntry.id) > seq, col(TimelineEntry.queue) == queue)
        .where(col(TimelineEntry.kind).not_in(CHANGE_NOTHING))
    )
    for column, allowed in (
        (Escalation.topic, scope.topics),
        (Escalation.area, scope.areas),
        (Escalation.urgency, chosen.urgencies or None),
        (Escalation.topic, chosen.topics or None),
        (Escalation.area, chosen.areas or None),
    ):
        if allowed is not None:
            query = query.where(col(column).in_(sorted(allowed)))
    return int((await session.execute(query)).scalar_one())


_ID = col(TimelineEntry.id)
_IS_AFTER = bindparam("seq") < _ID
_CASES_TOO = (
    select(TimelineEntry, Escalation)
    .join(Escalation, col(Escalation.id) == col(TimelineEntry.escalation_id))
    .order_by(_ID)
    .limit(bindparam("most", type_=Integer))
)
# Asked after every change, so it is put together once.
_AFTER = _CASES_TOO.where(_IS_AFTER)
_HEAD = select(func.max(_ID))
