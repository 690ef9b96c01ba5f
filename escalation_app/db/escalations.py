"""Queries on escalations. Every read for a person starts from `visible_to`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.conversation import Message
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope, Scopes
from escalation_app.domain.snapshots import QueueCounts
from escalation_app.domain.vocabulary import Queue, Status, View


def visible_to(scope: Scope, queue: Queue, *columns: Any) -> Select[Any]:
    """Escalations of a queue inside the scope. No list or count for a person begins elsewhere."""
    return select(*(columns or (Escalation,))).select_from(Escalation).where(within(scope, queue))


def within(scope: Scope, queue: Queue) -> ColumnElement[bool]:
    """The condition that a case is of this queue and inside the scope."""
    conditions = [col(Escalation.queue) == queue]
    if scope.topics is not None:
        conditions.append(col(Escalation.topic).in_(sorted(scope.topics)))
    if scope.areas is not None:
        conditions.append(col(Escalation.area).in_(sorted(scope.areas)))
    return and_(*conditions)


async def find(session: AsyncSession, scopes: Scopes, escalation_id: int) -> Escalation | None:
    """A case by its number, if it is inside the scope that holds in the case's own queue."""
    query = select(Escalation).where(
        col(Escalation.id) == escalation_id,
        or_(*(within(scopes.of(queue), queue) for queue in Queue)),
    )
    found: Escalation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def open_case_of(
    session: AsyncSession, conversation_id: int, *, held: bool = False
) -> Escalation | None:
    """The case of a conversation that is not completed; there is at most one.

    In a writing transaction it is held until its end, so that a verb on it waits.
    """
    query = select(Escalation).where(
        col(Escalation.conversation_id) == conversation_id,
        col(Escalation.status) != Status.COMPLETED,
    )
    if held:
        query = query.with_for_update()
    found: Escalation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def newest_of(session: AsyncSession, scope: Scope, queue: Queue, conversation_id: int) -> int:
    """The number of the conversation's newest case, whatever became of it; 0 for none."""
    query = visible_to(scope, queue, func.max(col(Escalation.id)))
    query = query.where(col(Escalation.conversation_id) == conversation_id)
    return (await session.execute(query)).scalar_one() or 0


async def page(
    session: AsyncSession,
    scope: Scope,
    queue: Queue,
    chosen: QueueFilter,
    person_id: int,
    limit: int,
) -> Sequence[Escalation]:
    """The first `limit` cases of a view, in its order, each order being one of the indexes."""
    query = _narrow(visible_to(scope, queue), chosen)
    query = query.where(*_in_view(chosen.view, person_id)).order_by(*_order(chosen.view))
    return (await session.execute(query.limit(limit))).scalars().all()


async def counts(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> QueueCounts:
    """How many cases each view holds under the filters; Mine is asked for by `count_mine`."""

    def having(status: Status) -> ColumnElement[int]:
        return func.count(case((col(Escalation.status) == status, 1)))

    query = _narrow(
        visible_to(scope, queue, having(Status.PENDING), func.count(), having(Status.COMPLETED)),
        chosen,
    )
    waiting, everything, completed = (await session.execute(query)).one()
    return QueueCounts(waiting=waiting, all=everything, completed=completed)


async def count_mine(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter, person_id: int
) -> int:
    query = _narrow(visible_to(scope, queue, func.count()), chosen)
    query = query.where(*_in_view(View.MINE, person_id))
    return int((await session.execute(query)).scalar_one())


async def occurring(session: AsyncSession) -> Sequence[tuple[Queue, str, str, int]]:
    """Each topic and area that a queue's cases have together, and how many of them are open."""
    which = (col(Escalation.queue), col(Escalation.topic), col(Escalation.area))
    still_open = func.count(case((col(Escalation.status) != Status.COMPLETED, 1)))
    query = select(*which, still_open).group_by(*which).order_by(*which)
    return [
        (queue, topic, area, count)
        for queue, topic, area, count in (await session.execute(query)).all()
    ]


def _narrow(query: Select[Any], chosen: QueueFilter) -> Select[Any]:
    if chosen.statuses:
        query = query.where(col(Escalation.status).in_(sorted(chosen.statuses)))
    if chosen.urgencies:
        query = query.where(col(Escalation.urgency).in_(sorted(chosen.urgencies)))
    if chosen.topics:
        query = query.where(col(Escalation.topic).in_(sorted(chosen.topics)))
    if chosen.areas:
        query = query.where(col(Escalation.area).in_(sorted(chosen.areas)))
    if chosen.search:
        query = query.where(_contains(chosen.search))
    return query


def _contains(search: str) -> ColumnElement[bool]:
    said = (
        select(col(Message.id))
        .where(
            col(Message.conversation_id) == col(Escalation.conversation_id),
            col(Message.text).icontains(search, autoescape=True),
        )
        .exists()
    )
    return or_(
        col(Escalation.reason).icontains(search, autoescape=True),
        col(Escalation.profile_name).icontains(search, autoescape=True),
        said,
    )


def _in_view(view: View, person_id: int) -> tuple[ColumnElement[bool], ...]:
    match view:
        case View.WAITING:
            return (col(Escalation.status) == Status.PENDING,)
        case View.MINE:
            return (
                col(Escalation.claimed_by_id) == person_id,
                col(Escalation.status) == Status.IN_PROGRESS,
            )
        case View.COMPLETED:
            return (col(Escalation.status) == Status.COMPLETED,)
        case View.ALL:
            return ()


def _order(view: View) -> tuple[Any, ...]:
    match view:
        case View.WAITING | View.MINE:
            return (
                col(Escalation.urgency).desc(),
                col(Escalation.created_at),
                col(Escalation.id),
            )
        case View.COMPLETED:
            return (col(Escalation.completed_at).desc(), col(Escalation.id).desc())
        case View.ALL:
            return (col(Escalation.created_at).desc(), col(Escalation.id).desc())
