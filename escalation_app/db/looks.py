"""A look at the first cases of a list, in its order, for what a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any, Self

from sqlalchemy import Integer, Select, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import cells as merging
from escalation_app.db import found_cases, queue_counts
from escalation_app.db.narrowing import LISTS, ORDERS, STATUS_OF, CaseList, behind, in_order, place
from escalation_app.db.queue_counts import Cell
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING
from escalation_app.domain.position import Position
from escalation_app.domain.search import Search
from escalation_app.domain.vocabulary import Status, View

# To look at so many costs less than to look a word up.
FIRST_LOOK = 500
# What does not fill a page among so many is rare: looked up, it is fewer than that.
FARTHEST_LOOK = 8_000
# How common a word is, the first look tells roughly: the next reaches further than it should need.
MARGIN = 1.25
# A list that is a smaller part of its view is not walked there before its words are looked up.
SMALL_PART = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """What the counters say: how many cases a queue has, and of a list that is narrow, its cells."""

    in_queue: Mapping[Status, int]
    cells: Sequence[Cell] | None

    def whole(self, view: View) -> int:
        return sum(n for status, n in self.in_queue.items() if _holds(view, status))

    def of(self, view: View) -> Sequence[Cell]:
        return [cell for cell in self.cells or () if _holds(view, cell.status)]


async def counted(session: AsyncSession, cases: CaseList) -> Counted:
    in_queue = await queue_counts.by_status(session, EVERYTHING, cases.queue, QueueFilter())
    if not cases.is_narrow:
        return Counted(in_queue, None)
    cells = await queue_counts.cells(session, cases.scope, cases.queue, cases.chosen)
    return Counted(in_queue, cells)


def _holds(view: View, status: Status) -> bool:
    return STATUS_OF.get(view, status) is status


@dataclass(frozen=True, slots=True)
class Look:
    """The first cases of a list are looked at: as many as it takes to find `limit`."""

    session: AsyncSession
    cases: CaseList
    test: found_cases.Test
    limit: int
    after: Position | None
    # What is only counted needs no order: SQLite would look at all before it sorts.
    is_sorted: bool
    # How many cases the list holds, the cells that it is merged from, or how many cases of its
    # view are read for each.
    held: int
    cells: Sequence[Cell] | None
    spread: float

    @classmethod
    def at(
        cls,
        session: AsyncSession,
        cases: CaseList,
        counts: Counted,
        search: Search,
        limit: int,
        after: Position | None = None,
        *,
        is_sorted: bool = True,
    ) -> Self:
        test = found_cases.test(session, search, newest_only=True)
        whole = counts.whole(cases.view)
        asked = (session, cases, test, limit, after, is_sorted)
        if counts.cells is None:
            return cls(*asked, whole, None, 1)
        cells = merging.following(cases.view, counts.of(cases.view), after)
        held = sum(cell.n for cell in cells)
        spread = whole / max(held, 1)
        if len(cells) <= merging.AT_ONCE:
            merged = merging.cost_of_each(session, cells)
            if merged < spread:
                return cls(*asked, held, cells, merged)
        return cls(*asked, held, None, spread)

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
            is_behind = self.after is not None
            query = _walked(self.cases, self.test.sql, reach, is_behind, self.is_sorted)
            return (await self.session.execute(query, given | place(self.after))).scalars().all()
        view, roughly = self.cases.view, reach < self.held
        first, of_the_first = merging.first(
            *(self.session, self.cases.queue, view, self.cells, reach, self.after), roughly=roughly
        )
        by = ", ".join(f"escalation.{name}{' DESC' * down}" for name, down in ORDERS[view])
        merged = merging.typed(
            f"SELECT escalation.id FROM ({first}) AS escalation"
            f" WHERE {self.test.sql} {f'ORDER BY {by}' if self.is_sorted else ''} LIMIT :most"
        )
        return (await self.session.execute(merged, given | of_the_first)).scalars().all()


async def at_all(
    session: AsyncSession, cases: CaseList, search: Search, limit: int, after: Position | None
) -> Sequence[int]:
    test = found_cases.test(session, search, newest_only=False)
    query = _walked(cases, test.sql, None, after is not None, True)
    given = test.parameters | place(after) | {"most": limit}
    return (await session.execute(query, given)).scalars().all()


@lru_cache(maxsize=LISTS)
def _walked(
    cases: CaseList, test: str, reach: int | None, is_behind: bool, is_sorted: bool
) -> Select[Any]:
    """The first of a list's cases that pass the test, among its first `reach`."""
    view = cases.view
    first = cases.select(*(col(getattr(Escalation, name)) for name, _ in ORDERS[view]))
    if is_behind:
        first = first.where(behind(view))
    # By this name the test knows them.
    top = first.order_by(*in_order(view)).limit(reach).subquery("escalation")
    query = select(top.c.id).where(text(test)).limit(bindparam("most", type_=Integer()))
    return query.order_by(*in_order(view, top.c)) if is_sorted else query
