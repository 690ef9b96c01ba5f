"""Lists of cases and their counts. Each starts from `visible_to`: nobody is told of others."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import cells as merging
from escalation_app.db import (
    found_cases,
    fresh_queue,  # noqa: F401 - triggers
    queue_counts,
    searched_lists,
)
from escalation_app.db.narrowing import LISTS, CaseList, behind, in_order, place
from escalation_app.db.queue_counts import Cell
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.position import Position
from escalation_app.domain.search import Search
from escalation_app.domain.snapshots import QueueCounts
from escalation_app.domain.vocabulary import Queue, View

# Merging this few cells is quick; with more, a list that is a good part of its view is walked.
FEW_CELLS = 100
GOOD_PART = 4


async def page(
    session: AsyncSession,
    scope: Scope,
    queue: Queue,
    chosen: QueueFilter,
    person_id: int,
    limit: int,
    after: Position | None = None,
) -> Sequence[Escalation]:
    """The next `limit` cases of a view, in its order, each order being one of the indexes."""
    found = await rows(session, scope, queue, chosen, person_id, limit, Escalation, after=after)
    return [row[0] for row in found]


async def rows(
    session: AsyncSession,
    scope: Scope,
    queue: Queue,
    chosen: QueueFilter,
    person_id: int,
    limit: int,
    *columns: Any,
    after: Position | None = None,
) -> Sequence[Row[Any]]:
    """The same as `page`, of these columns alone."""
    cases = CaseList.of(scope, queue, chosen, person_id)
    if chosen.search:
        search = Search.of(chosen.search)
        found = await searched_lists.first_ids(session, cases, search, limit, after)
        return await _these(session, found, cases.view, columns)
    cells = await _to_merge(session, cases)
    if cells is None:
        query = _first(cases, columns, limit, after is not None)
        return (await session.execute(query, place(after))).all()
    return await merging.rows(session, queue, cases.view, cells, columns, limit, after)


async def _these(
    session: AsyncSession, ids: Sequence[int], view: View, columns: tuple[Any, ...]
) -> Sequence[Row[Any]]:
    """A page whose cases are known already."""
    if not ids:
        return []
    return (await session.execute(_numbered(view, columns), {"ids": ids})).all()


async def _to_merge(session: AsyncSession, cases: CaseList) -> Sequence[Cell] | None:
    """The cells that a list is merged from; None when it is better walked in its view's index."""
    if cases.view is View.MINE or not cases.is_narrow:
        return None
    cells = await queue_counts.cells(session, cases.scope, cases.queue, cases.chosen)
    if len(cells) <= FEW_CELLS:
        return cells
    held = sum(cell.n for cell in cells)
    whole = await queue_counts.in_view(session, cases.queue, cases.view)
    return None if held * GOOD_PART >= whole > 0 else cells


async def counts(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> QueueCounts:
    """How many cases each view holds under the filters; Mine is asked for by `count_mine`.

    Under a search no count goes beyond MOST_COUNTED, which then stands for that many or more.
    """
    if chosen.search:
        cases = CaseList.of(scope, queue, chosen, 0)
        return await searched_lists.counts(session, cases, Search.of(chosen.search))
    return QueueCounts.of(await queue_counts.by_status(session, scope, queue, chosen))


async def count_mine(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter, person_id: int
) -> int:
    mine = CaseList.of(scope, queue, chosen.in_view(View.MINE), person_id)
    if not chosen.search:
        return int((await session.execute(_counted(mine))).scalar_one())
    test = found_cases.test(session, Search.of(chosen.search), newest_only=False)
    found = await session.execute(_counted(mine, test.sql), test.parameters)
    return int(found.scalar_one())


async def occurring(session: AsyncSession) -> Sequence[tuple[Queue, str, str, int]]:
    """Each topic and area that a queue's cases have together, and how many of them are open."""
    return await queue_counts.occurring(session)


# Asked after every change by who looks at these lists, so each statement is put together once.
@lru_cache(maxsize=LISTS)
def _first(cases: CaseList, columns: tuple[Any, ...], limit: int, is_behind: bool) -> Select[Any]:
    listed = cases.select(*columns).order_by(*in_order(cases.view)).limit(limit)
    return listed.where(behind(cases.view)) if is_behind else listed


@lru_cache(maxsize=LISTS)
def _counted(mine: CaseList, test: str = "") -> Select[Any]:
    counted = mine.select(func.count())
    return counted.where(text(test)) if test else counted


@lru_cache(maxsize=LISTS)
def _numbered(view: View, columns: tuple[Any, ...]) -> Select[Any]:
    query = select(*columns).select_from(Escalation).order_by(*in_order(view))
    return query.where(col(Escalation.id).in_(bindparam("ids", expanding=True)))
