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
    if (found := await found_cases.ids(session, search)) is not None:
        return await found_cases.first_ids(session, cases, found, limit, after)
    return await look.far()


async def counts(session: AsyncSession, cases: CaseList, search: Search) -> QueueCounts:
    """How many are found in each view; no count goes beyond MOST_COUNTED."""
    everywhere = cases.in_view(View.ALL)
    counted = await looks.counted(session, everywhere)
    hits: dict[View, int] = {}
    is_common = False
    for view in (View.COMPLETED, View.WAITING, View.ALL):
        if view is View.ALL and MOST_COUNTED in hits.values():
            # It holds what the others hold.
            hits[view] = MOST_COUNTED
            continue
        look = looks.Look.at(session, cases.in_view(view), counted, search, MOST_COUNTED)
        near = await look.near()
        if near is None and not is_common:
            if (found := await found_cases.ids(session, search)) is not None:
                by_status = await found_cases.by_status(session, everywhere, found)
                return QueueCounts.of(by_status).up_to(MOST_COUNTED)
            is_common = True
        hits[view] = len(await look.far() if near is None else near)
    return QueueCounts(hits[View.WAITING], hits[View.ALL], hits[View.COMPLETED])
