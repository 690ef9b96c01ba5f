"""Sums over the counters that the database keeps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.moment import once
from escalation_app.db.narrowing import LISTS, STATUS_OF, narrowed, within
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, Scope
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
    if scope != EVERYTHING or chosen.is_narrowed:
        # The list beside these counts is merged from the same cells.
        counted: Counter[Status] = Counter()
        for cell in await cells(session, scope, queue, chosen.in_view(View.ALL)):
            counted[cell.status] += cell.n
        return dict(counted)

    async def ask() -> dict[Status, int]:
        return {status: int(n) for status, n in (await session.execute(_by_status(queue))).all()}

    return await once(session, (by_status, queue), ask)


async def cells(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> Sequence[Cell]:
    """The cells that hold a view's cases under the filters; none that is empty."""
    narrowed_alike = replace(chosen, view=View.ALL, search="")

    async def ask() -> Sequence[Cell]:
        found = await session.execute(_cells(scope, queue, narrowed_alike))
        return [Cell(*row) for row in found.all()]

    of_all_views = await once(session, (cells, scope, queue, narrowed_alike), ask)
    status = STATUS_OF.get(chosen.view)
    return [cell for cell in of_all_views if status is None or cell.status is status]


# Asked after every change by who looks at these counts, so each statement is put together once.
@lru_cache
def _by_status(queue: Queue) -> Select[Status, int]:
    which = col(QueueCount.status)
    return select(which, _N).where(within(EVERYTHING, queue, QueueCount)).group_by(which)


@lru_cache(maxsize=LISTS)
def _cells(scope: Scope, queue: Queue, chosen: QueueFilter) -> Select[Any, Any, Any, Any, int]:
    which = (
        col(QueueCount.status),
        col(QueueCount.topic),
        col(QueueCount.area),
        col(QueueCount.urgency),
    )
    query = select(*which, _N).where(
        within(scope, queue, QueueCount), *narrowed(chosen, QueueCount)
    )
    return query.group_by(*which).having(_N > 0).order_by(*which)


async def in_view(session: AsyncSession, queue: Queue, view: View) -> int:
    """How many cases a view has before any filter."""
    counted = await by_status(session, EVERYTHING, queue, QueueFilter())
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
