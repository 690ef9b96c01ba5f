"""The first cases of a list that a search finds, and how many they are.

Words that many cases have are found on the first cases of the list, in its order; words that few
have are looked up. Which they are shows on a first look.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import found_cases, looks
from escalation_app.db.narrowing import CaseList
from escalation_app.domain.position import Position
from escalation_app.domain.search import Search
from escalation_app.domain.snapshots import MOST_COUNTED, QueueCounts
from escalation_app.domain.vocabulary import View

# Those that are counted for everybody who sees the same; the last holds what the others hold.
VIEWS = (View.COMPLETED, View.WAITING, View.ALL)
# Among so many that an index gives first, most views have their hundred.
FEW_FOUND = 500


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
        return await looks.at_all(session, cases, search, limit, after)
    counted = await looks.counted(session, cases)
    look = looks.Look.at(session, cases, counted, search, limit, after)
    if (near := await look.near()) is not None:
        return near
    found = await found_cases.ids(session, search)
    if found.are_all:
        return await found_cases.first_ids(session, cases, found.ids, limit, after)
    return await look.far()


async def counts(session: AsyncSession, cases: CaseList, search: Search) -> QueueCounts:
    """How many are found in each view; no count goes beyond MOST_COUNTED."""
    everywhere = cases.in_view(View.ALL)
    hits: dict[View, int] = {}

    async def look_up(most: int) -> QueueCounts | None:
        """All counts, if the index gives no more than `most`; or those that go beyond a hundred."""
        found = await found_cases.ids(session, search, most)
        by_status = await found_cases.by_status(session, everywhere, found.ids)
        known = QueueCounts.of(by_status).up_to(MOST_COUNTED)
        hits.update(
            (view, MOST_COUNTED) for view in VIEWS if getattr(known, view.value) == MOST_COUNTED
        )
        return known if found.are_all else None

    if found_cases.is_lazy(session) and (known := await look_up(FEW_FOUND)):
        return known
    counted = await looks.counted(session, everywhere)
    is_looked_up = False
    for view in VIEWS:
        if view is View.ALL and MOST_COUNTED in hits.values():
            # It holds what the others hold.
            hits[view] = MOST_COUNTED
        if view in hits:
            continue
        one = cases.in_view(view)
        look = looks.Look.at(session, one, counted, search, MOST_COUNTED, is_sorted=False)
        near = await look.near()
        if near is None and not is_looked_up:
            is_looked_up = True
            if known := await look_up(found_cases.MOST_FOUND):
                return known
        if view not in hits:
            hits[view] = len(await look.far() if near is None else near)
    return QueueCounts(hits[View.WAITING], hits[View.ALL], hits[View.COMPLETED])
