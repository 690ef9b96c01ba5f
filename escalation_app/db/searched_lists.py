"""The first cases of a list that a search finds.

Words that many cases have are found on the first cases of the list, in its order; words that few
have are looked up. Which they are shows on a first look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any, Self

from sqlalchemy import Integer, Select, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import cells as merging
from escalation_app.db import found_cases, queue_counts
from escalation_app.db.narrowing import LISTS, ORDERS, CaseList, behind, in_order, place
from escalation_app.db.queue_counts import Cell
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.position import Position
from escalation_app.domain.search import Search
from escalation_app.domain.snapshots import MOST_COUNTED, QueueCounts
from escalation_app.domain.vocabulary import View

# To look at so many costs less than to look a word up.
FIRST_LOOK = 500
# What does not fill a page among so many is rare: looked up, it is fewer than that.
FARTHEST_LOOK = 8_000
# How common a word is, the first look tells roughly: the next reaches further than it should need.
MARGIN = 1.25
# A list that is a smaller part of its view is not walked there before its words are looked up.
SMALL_PART = 50


async def first_ids(
    session: AsyncSession,
    cases: CaseList,
    search: Search,
    limit: int,
    after: Position | None = None,
) -> Sequence[int]:
    """The first `limit` cases of the list that the search finds, after a place if one is given."""
    if cases.view is View.MINE:
        # One's own open cases are few: each is looked at.
        return await _all_looked_at(session, cases, search, limit, after)
    look = await Look.at(session, cases, search, limit, after)
    if (near := await look.near()) is not None:
        return near
    if (found := await found_cases.ids(session, search)) is not None:
        return await found_cases.first_ids(session, cases, found, limit, after)
    return await look.far()


async def counts(session: AsyncSession, cases: CaseList, search: Search) -> QueueCounts:
    """How many are found in each view; no count goes beyond MOST_COUNTED."""
    counted: dict[View, int] = {}
    is_common = False
    for view in (View.COMPLETED, View.WAITING, View.ALL):
        if view is View.ALL and MOST_COUNTED in counted.values():
            # It holds what the others hold.
            counted[view] = MOST_COUNTED
            continue
        look = await Look.at(session, cases.in_view(view), search, MOST_COUNTED)
        near = await look.near()
        if near is None and not is_common:
            if (found := await found_cases.ids(session, search)) is not None:
                everywhere = cases.in_view(View.ALL)
                by_status = await found_cases.by_status(session, everywhere, found)
                return QueueCounts.of(by_status).up_to(MOST_COUNTED)
            is_common = True
        counted[view] = len(await look.far() if near is None else near)
    return QueueCounts(counted[View.WAITING], counted[View.ALL], counted[View.COMPLETED])


@dataclass(frozen=True, slots=True)
class Look:
    """The first cases of a list are looked at: as many as it takes to find `limit`."""

    session: AsyncSession
    cases: CaseList
    test: found_cases.Test
    limit: int
    after: Position | None
    # How many cases the list holds, the cells that it is merged from, or how many cases of its
    # view are read for each.
    held: int
    cells: Sequence[Cell] | None
    spread: float

    @classmethod
    async def at(
        cls,
        session: AsyncSession,
        cases: CaseList,
        search: Search,
        limit: int,
        after: Position | None = None,
    ) -> Self:
        test = found_cases.test(session, search, newest_only=True)
        whole = await queue_counts.in_view(session, cases.queue, cases.view)
        if not cases.is_narrow:
            return cls(session, cases, test, limit, after, whole, None, 1)
        holding = await queue_counts.cells(session, cases.scope, cases.queue, cases.chosen)
        cells = merging.following(cases.view, holding, after)
        held = sum(cell.n for cell in cells)
        spread = whole / max(held, 1)
        if len(cells) <= merging.AT_ONCE:
            merged = merging.rows_read_for_each(session, cells)
            if merged < spread:
                return cls(session, cases, test, limit, after, held, cells, merged)
        return cls(session, cases, test, limit, after, held, None, spread)

    async def near(self) -> Sequence[int] | None:
        """None when the words are so rare here that it is better to look them up."""
        if self.spread > SMALL_PART:
            return None
        reach = FIRST_LOOK
        while True:
            found = await self._within(reach)
            if len(found) == self.limit or reach >= self.held:
                return found
            # If they go on as they began.
            needed = MARGIN * reach * self.limit / max(len(found), 1)
            looks = ceil(min(needed, self.held) / FIRST_LOOK)
            reach = max(looks * FIRST_LOOK, 2 * reach)
            if not found or reach > FARTHEST_LOOK:
                return None

    async def far(self) -> Sequence[int]:
        reach = FARTHEST_LOOK
        while True:
            found = await self._within(reach)
            if len(found) == self.limit or reach >= self.held:
                return found
            reach *= 4

    async def _within(self, reach: int) -> Sequence[int]:
        """The first that are found among so many."""
        if not self.held:
            return []
        given = self.test.parameters | {"most": self.limit}
        if self.cells is None:
            query = _walked(self.cases, self.test.sql, reach, self.after is not None)
            return (await self.session.execute(query, given | place(self.after))).scalars().all()
        view, roughly = self.cases.view, reach < self.held
        first, of_the_first = merging.first(
            *(self.session, self.cases.queue, view, self.cells, reach, self.after), roughly=roughly
        )
        order = ", ".join(f"escalation.{name}{' DESC' * down}" for name, down in ORDERS[view])
        merged = merging.typed(
            f"SELECT escalation.id FROM ({first}) AS escalation"
            f" WHERE {self.test.sql} ORDER BY {order} LIMIT :most"
        )
        return (await self.session.execute(merged, given | of_the_first)).scalars().all()


async def _all_looked_at(
    session: AsyncSession, cases: CaseList, search: Search, limit: int, after: Position | None
) -> Sequence[int]:
    test = found_cases.test(session, search, newest_only=False)
    query = _walked(cases, test.sql, None, after is not None)
    given = test.parameters | place(after) | {"most": limit}
    return (await session.execute(query, given)).scalars().all()


@lru_cache(maxsize=LISTS)
def _walked(cases: CaseList, test: str, reach: int | None, is_behind: bool) -> Select[Any]:
    """The first of a list's cases that pass the test, among its first `reach`, in its order."""
    view = cases.view
    first = cases.select(*(col(getattr(Escalation, name)) for name, _ in ORDERS[view]))
    if is_behind:
        first = first.where(behind(view))
    # By this name the test knows them.
    cases_looked_at = first.order_by(*in_order(view)).limit(reach).subquery("escalation")
    columns = cases_looked_at.c
    query = select(columns.id).where(text(test)).order_by(*in_order(view, columns))
    return query.limit(bindparam("most", type_=Integer()))
