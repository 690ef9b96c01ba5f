"""Sums over the counters that the database keeps."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.narrowing import STATUS_OF, narrowed, within
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.queue_count import QueueCount
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View


class Cell(NamedTuple):
    """All cases of a queue that are alike in what lists are narrowed by."""

    status: Status
    topic: str
    area: str
    urgency: Urgency
    n: int


_N = func.sum(col(QueueCount.n))


async def by_status(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> dict[Status, int]:
    found = await session.execute(_by_status(scope, queue, chosen))
    return {status: int(n) for status, n in found.all()}


@lru_cache(maxsize=128)
def _by_status(scope: Scope, queue: Queue, chosen: QueueFilter) -> Select[Status, int]:
    """Asked after every change by who looks at these counts, so it is put together once."""
    return (
        select(col(QueueCount.status), _N)
        .where(within(scope, queue, QueueCount), *narrowed(chosen, QueueCount))
        .group_by(col(QueueCount.status))
    )


async def cells(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> Sequence[Cell]:
    """The cells that hold a view's cases under the filters; none that is empty."""
    which = (
        col(QueueCount.status),
        col(QueueCount.topic),
        col(QueueCount.area),
        col(QueueCount.urgency),
    )
    query = select(*which, _N).where(
        within(scope, queue, QueueCount), *narrowed(chosen, QueueCount)
    )
    if status := STATUS_OF.get(chosen.view):
        query = query.where(col(QueueCount.status) == status)
    query = query.group_by(*which).having(_N > 0).order_by(*which)
    return [Cell(*row) for row in (await session.execute(query)).all()]


async def in_view(session: AsyncSession, queue: Queue, view: View) -> int:
    """How many cases a view has before any filter."""
    counted = await by_status(session, Scope(), queue, QueueFilter())
    status = STATUS_OF.get(view)
    return sum(counted.values()) if status is None else counted.get(status, 0)


async def lengths(session: AsyncSession) -> dict[tuple[Queue, Status], int]:
    """How many cases each queue has of each status, those it has none of too."""
    which = (col(QueueCount.queue), col(QueueCount.status))
    found = await session.execute(select(*which, _N).group_by(*which))
    counted = {(queue, status): int(n) for queue, status, n in found.all()}
    return {(queue, one): counted.get((queue, one), 0) for queue in Queue for one in Status}


async def occurring(session: AsyncSession) -> Sequence[tuple[Queue, str, str, int]]:
    """Each topic and area that a queue's cases have together, and how many of them are open."""
    which = (col(QueueCount.queue), col(QueueCount.topic), col(QueueCount.area))
    still_open = func.sum(
        case((col(QueueCount.status) != Status.COMPLETED, col(QueueCount.n)), else_=0)
    )
    query = select(*which, still_open).group_by(*which).having(_N > 0).order_by(*which)
    return [
        (queue, topic, area, int(n))
        for queue, topic, area, n in (await session.execute(query)).all()
    ]
