"""What people ask of a list: views, filters, places deep in it, counts and searches."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from benchmarks.many_cases import a_word_of
from escalation_app.db import case_lists
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, Scope
from escalation_app.domain.position import Position
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services import queue

Ask = Callable[[AsyncSession], Awaitable[object]]
MARIA = 1
SCOPES = {
    "maria": EVERYTHING,
    "omar": Scope(frozenset({"Billing", "Refund"}), frozenset({"Payment"})),
    # Sees a little here and there, and one topic that hardly any case has.
    "nina": Scope(frozenset({"Booking", "Rare"}), None),
}
FILTERS = {
    **{f"status {one}": {"statuses": frozenset({one})} for one in Status},
    **{f"urgency {one}": {"urgencies": frozenset({one})} for one in Urgency},
    "topic Refund": {"topics": frozenset({"Refund"})},
    "topic Rare": {"topics": frozenset({"Rare"})},
    "area Order": {"areas": frozenset({"Order"})},
    "two urgencies": {"urgencies": frozenset({Urgency.HIGH, Urgency.CRITICAL})},
    "two topics, area": {
        "topics": frozenset({"Refund", "Billing"}),
        "areas": frozenset({"Payment"}),
    },
    "status, urgency, topic, area": {
        "statuses": frozenset({Status.COMPLETED}),
        "urgencies": frozenset({Urgency.HIGH}),
        "topics": frozenset({"Refund"}),
        "areas": frozenset({"Order"}),
    },
}
SEARCHES = {
    "one case": a_word_of(777),
    "a rare word": "hyatt",
    "a word of many": "price",
    "a word of most": "please",
    "no hit": "zebraquux",
    "two words": f"please {a_word_of(778)}",
    "two common words": "please price",
    "Cyrillic": "\u041f\u0420\u0418\u0412\u0415\u0422",
    "two letters": "zq",
    "a number": "#46",
}


@dataclass(frozen=True)
class Question:
    """`group` names the row of the table that it is judged in."""

    group: str
    name: str
    ask: Ask


def questions(places: dict[str, Position]) -> Iterator[Question]:
    """All that is measured; `places` are in the middle of each view."""
    for name, scope in SCOPES.items():
        for view in View:
            yield Question("a page", f"{view}, {name}", page(scope, QueueFilter(view)))
        for view, place in places.items():
            deep = page(scope, QueueFilter(View(view)), place)
            yield Question("a page", f"{view} from its middle, {name}", deep)
        yield Question("counts", name, counts(scope, QueueFilter()))
        yield Question("counts", f"the count of mine, {name}", mine(scope, QueueFilter()))
    yield from filtered(places)
    yield from searched()


def filtered(places: dict[str, Position]) -> Iterator[Question]:
    for name, chosen in FILTERS.items():
        for view in View:
            narrow = QueueFilter(view, **chosen)  # type: ignore[arg-type]
            yield Question("a filter", f"{view}, {name}", page(EVERYTHING, narrow))
        everywhere = QueueFilter(View.ALL, **chosen)  # type: ignore[arg-type]
        deep = page(EVERYTHING, everywhere, places["all"])
        yield Question("a filter", f"all from its middle, {name}", deep)
        yield Question("a filter", f"all, {name}, omar", page(SCOPES["omar"], everywhere))
        yield Question("counts", name, counts(EVERYTHING, everywhere))
        yield Question("counts", f"the count of mine, {name}", mine(EVERYTHING, everywhere))


def searched() -> Iterator[Question]:
    for name, words in SEARCHES.items():
        for view in View:
            chosen = QueueFilter(view, search=words)
            yield Question("a search", f"{view}, {name}", page(EVERYTHING, chosen))
        everywhere = QueueFilter(View.ALL, search=words)
        yield Question("a search", f"all, {name}, omar", page(SCOPES["omar"], everywhere))
        narrow = QueueFilter(View.ALL, urgencies=frozenset({Urgency.HIGH}), search=words)
        yield Question("a search", f"all, {name}, urgency high", page(EVERYTHING, narrow))
        yield Question("a search", f"counts, {name}", counts(EVERYTHING, everywhere))
        yield Question("a search", f"the count of mine, {name}", mine(EVERYTHING, everywhere))


async def places_in(session: AsyncSession) -> dict[str, Position]:
    """The middle of each view that all see."""
    found = {}
    for view in (View.WAITING, View.COMPLETED, View.ALL):
        order = {
            "waiting": "urgency DESC, created_at, id",
            "completed": "completed_at DESC, id DESC",
        }
        where = {"waiting": "status = 'Pending'", "completed": "status = 'Completed'"}
        query = (
            select(Escalation)
            .where(col(Escalation.queue) == Queue.PUBLISHED, text(where.get(view.value, "1 = 1")))
            .order_by(text(order.get(view.value, "created_at DESC, id DESC")))
            .limit(1)
        )
        counted = await case_lists.counts(session, EVERYTHING, Queue.PUBLISHED, QueueFilter())
        middle = (
            await session.execute(query.offset(getattr(counted, view.value) // 2))
        ).scalar_one()
        found[view.value] = Position.of(middle, view)
    return found


def page(scope: Scope, chosen: QueueFilter, after: Position | None = None) -> Ask:
    """As the pages read it, or as programs do when they go on from a place."""
    if after is None:
        return lambda session: queue.rows(
            session, scope, Queue.PUBLISHED, chosen, MARIA, queue.PAGE
        )
    return lambda session: case_lists.page(
        session, scope, Queue.PUBLISHED, chosen, MARIA, queue.PAGE + 1, after
    )


def counts(scope: Scope, chosen: QueueFilter) -> Ask:
    return lambda session: case_lists.counts(session, scope, Queue.PUBLISHED, chosen)


def mine(scope: Scope, chosen: QueueFilter) -> Ask:
    return lambda session: case_lists.count_mine(session, scope, Queue.PUBLISHED, chosen, MARIA)
