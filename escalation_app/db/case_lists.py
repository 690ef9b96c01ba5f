"""Lists of cases and their counts. Each starts from `visible_to`: nobody is told of others."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import cells as cell_queries
from escalation_app.db import found_cases, fresh_queue, queue_counts  # noqa: F401 - triggers
from escalation_app.db.found_cases import Test
from escalation_app.db.narrowing import ORDERS, in_view, is_narrow, narrowed, visible_to, within
from escalation_app.db.queue_counts import Cell
from escalation_app.domain.columns import UrgencyRank, UtcDateTime
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
GOOD_PART_TO_SEARCH = 50
# So many statements are kept as they were put together.
LISTS = 128
_COUNTED = (func.count(),)
# To look at so many is cheaper than to look up a word that most cases have.
NEAR_THE_TOP = 3_000


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
    view = chosen.view
    listed = _listed(scope, queue, chosen, person_id, columns)
    if after is not None:
        listed = listed.where(_behind(view, after))
    test = None
    if chosen.search:
        search = Search.of(chosen.search)
        test = found_cases.test(session, search)
        if found_cases.has_trigram(session, search) and not is_narrow(scope, chosen):
            near = await _near_the_top(session, listed, view, test, limit)
            if len(near) == limit:
                return await _these(session, near, view, *columns)
        # One's own open cases are few: each is looked at.
        ids = None if view is View.MINE else await found_cases.ids(session, search)
        if ids is not None:
            found = found_cases.among(session, ids)
            first = select(col(found.id)).where(within(scope, queue, found))
            first = first.where(*narrowed(chosen, found), *in_view(view, person_id, found))
            if after is not None:
                first = first.where(_behind(view, after, found))
            first = first.order_by(*_order(view, found)).limit(limit)
            found_ids = (await session.execute(first)).scalars().all()
            return await _these(session, found_ids, view, *columns)
        listed = listed.where(test.clause)
    cells = await _to_merge(session, scope, queue, chosen)
    if cells is None:
        return (await session.execute(_first(listed, view, limit))).all()
    merged = await cell_queries.first_ids(session, queue, view, cells, limit, test, after)
    return await _these(session, merged, view, *columns)


async def _near_the_top(
    session: AsyncSession, listed: Select[Any], view: View, test: Test, limit: int
) -> Sequence[int]:
    """Those of the list's first cases that a search finds: of a common word, a page and more."""
    named = (col(getattr(Escalation, name)) for name, _ in ORDERS[view])
    near = listed.with_only_columns(*named).order_by(*_order(view)).limit(NEAR_THE_TOP)
    # By this name the test knows them.
    top = near.subquery("escalation")
    order = ((top.c[name], descends) for name, descends in ORDERS[view])
    sorted_by = (column.desc() if descends else column for column, descends in order)
    query = select(top.c.id).where(test.clause).order_by(*sorted_by).limit(limit)
    return (await session.execute(query)).scalars().all()


async def _these(
    session: AsyncSession, ids: Sequence[int | None], view: View, *columns: Any
) -> Sequence[Row[Any]]:
    """A page whose cases are known already."""
    if not ids:
        return []
    query = select(*columns).select_from(Escalation).where(col(Escalation.id).in_(ids))
    return (await session.execute(query.order_by(*_order(view)))).all()


async def _to_merge(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> Sequence[Cell] | None:
    """The cells that a list is merged from; None when it is better walked in its view's index."""
    if chosen.view is View.MINE or not is_narrow(scope, chosen):
        return None
    cells = await queue_counts.cells(session, scope, queue, chosen)
    if len(cells) <= FEW_CELLS and not chosen.search:
        return cells
    # To fill a page from a cell, a search must look at many cases of each; on a walk, once.
    part = GOOD_PART if not chosen.search else GOOD_PART_TO_SEARCH
    held = sum(cell.n for cell in cells)
    whole = await queue_counts.in_view(session, queue, chosen.view)
    return None if held * part >= whole > 0 else cells


async def counts(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter
) -> QueueCounts:
    """How many cases each view holds under the filters; Mine is asked for by `count_mine`.

    Under a search no count goes beyond MOST_COUNTED, which then stands for that many or more.
    """
    if chosen.search:
        return await found_cases.counts(session, scope, queue, chosen)
    return QueueCounts.of(await queue_counts.by_status(session, scope, queue, chosen))


async def count_mine(
    session: AsyncSession, scope: Scope, queue: Queue, chosen: QueueFilter, person_id: int
) -> int:
    mine = chosen.in_view(View.MINE)
    query = _listed(scope, queue, mine, person_id, _COUNTED)
    if chosen.search:
        query = query.where(found_cases.test(session, Search.of(chosen.search)).clause)
    return int((await session.execute(query)).scalar_one())


async def occurring(session: AsyncSession) -> Sequence[tuple[Queue, str, str, int]]:
    """Each topic and area that a queue's cases have together, and how many of them are open."""
    return await queue_counts.occurring(session)


@lru_cache(maxsize=LISTS)
def _listed(
    scope: Scope, queue: Queue, chosen: QueueFilter, person_id: int, columns: tuple[Any, ...]
) -> Select[Any]:
    """The cases of a list, all but the search: asked after every change by who looks at it."""
    listed = visible_to(scope, queue, *columns)
    return listed.where(*narrowed(chosen), *in_view(chosen.view, person_id))


@lru_cache(maxsize=LISTS)
def _first(listed: Select[Any], view: View, limit: int) -> Select[Any]:
    return listed.order_by(*_order(view)).limit(limit)


def _order(view: View, of: type[Escalation] = Escalation) -> tuple[Any, ...]:
    columns = ((col(getattr(of, name)), descends) for name, descends in ORDERS[view])
    return tuple(column.desc() if descends else column for column, descends in columns)


def _behind(view: View, after: Position, of: type[Escalation] = Escalation) -> ColumnElement[bool]:
    """What comes after a place in the order. The place need not hold a case any more."""
    there = tuple_(literal(after.at, UtcDateTime()), literal(after.id))
    match view:
        case View.WAITING | View.MINE:
            urgency = literal(after.urgency, UrgencyRank())
            older = tuple_(col(of.created_at), col(of.id)) > there
            return or_(
                col(of.urgency) < urgency,
                and_(col(of.urgency) == urgency, older),
            )
        case View.COMPLETED:
            return tuple_(col(of.completed_at), col(of.id)) < there
        case View.ALL:
            return tuple_(col(of.created_at), col(of.id)) < there
