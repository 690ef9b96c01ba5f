"""A searched list is what is left of the list when one looks at each case, however it is read."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from escalation_app.db import case_lists, cells, found_cases, looks
from escalation_app.db.engine import Database
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, NOTHING, Scope
from escalation_app.domain.position import Position
from escalation_app.domain.search import SearchDocument
from escalation_app.domain.snapshots import MOST_COUNTED
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services.desk import Desk
from tests.cast import OMARS, SEALER, Cast, a_case, gather_cast

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOPICS = ["Billing", "Refund", "Booking"]
AREAS = ["Payment", "Order"]
SEARCHES = ["", "common", "seldom", "lately", "rare*st", "zq", "common seldom", "seldom lately"]
SEARCHES += ["seldom zq", "nr0017", "nr00", "#24", "unheard", "st nr"]
CASES = 240
# How a list is read depends on these; with so few cases as here, all ways come up.
SIZES = {
    (looks, "FIRST_LOOK"): st.sampled_from([1, 5, 500]),
    (looks, "FARTHEST_LOOK"): st.sampled_from([1, 20, 8_000]),
    (looks, "SMALL_PART"): st.sampled_from([0, 4, 50]),
    (found_cases, "MOST_FOUND"): st.sampled_from([0, 10, 5_000]),
    (found_cases, "SHORT_REACH"): st.sampled_from([100, 10_000]),
    (cells, "AT_ONCE"): st.sampled_from([1, 200]),
}


@dataclass(frozen=True)
class Kept:
    """A case as the model knows it."""

    id: int
    queue: Queue
    status: Status
    urgency: Urgency
    topic: str
    area: str
    owner: int
    created_at: datetime
    completed_at: datetime
    text: str

    @classmethod
    def made(cls, n: int, owners: Sequence[int]) -> "Kept":
        """Everything varies by a step of its own, and times come twice."""
        words = [
            "common",
            *(["seldom"] if n % 7 == 3 else []),
            *(["lately"] if n > CASES - 20 else []),
            *(["rare*st"] if n == 17 else []),
            *(["zq"] if n % 90 == 1 else []),
            f"nr{n:04}x",
        ]
        return cls(
            id=n,
            queue=Queue.PREVIEW if n % 11 == 5 else Queue.PUBLISHED,
            status=list(Status)[n * 5 % 7 % 3],
            urgency=list(Urgency)[n * 3 % 13 % 4],
            topic=TOPICS[n * 7 % 17 % 3],
            area=AREAS[n // 3 % 2],
            owner=owners[n % 2],
            created_at=NOW + timedelta(seconds=n // 2),
            completed_at=NOW + timedelta(seconds=n * 37 % 101),
            text=" ".join(words),
        )

    @property
    def row(self) -> dict[str, Any]:
        pending, completed = self.status is Status.PENDING, self.status is Status.COMPLETED
        return {
            "id": self.id, "queue": self.queue, "status": self.status, "conversation_id": self.id,
            "urgency": self.urgency, "topic": self.topic, "area": self.area,
            "reason": "r", "trigger": "t", "profile": {}, "profile_name": "p", "version": 1,
            "claimed_by_id": None if pending else self.owner,
            "claimed_by": None if pending else "Maria", "claimed_at": None if pending else NOW,
            "completed_by_id": self.owner if completed else None,
            "completed_by": "Maria" if completed else None,
            "completed_at": self.completed_at if completed else None, "what_happened": "a",
            "action_taken": "b", "follow_up": "", "due_at": NOW, "created_at": self.created_at,
            "updated_at": NOW,
        }  # fmt: skip

    def is_listed(self, scope: Scope, chosen: QueueFilter, person_id: int) -> bool:
        is_in_view = {
            View.WAITING: self.status is Status.PENDING,
            View.MINE: self.status is Status.IN_PROGRESS and self.owner == person_id,
            View.ALL: True,
            View.COMPLETED: self.status is Status.COMPLETED,
        }
        return (
            self.queue is Queue.PUBLISHED
            and scope.covers(self.topic, self.area)
            and is_in_view[chosen.view]
            and (not chosen.statuses or self.status in chosen.statuses)
            and (not chosen.urgencies or self.urgency in chosen.urgencies)
            and (not chosen.topics or self.topic in chosen.topics)
            and (not chosen.areas or self.area in chosen.areas)
            and (self.is_found(chosen) or chosen.search == f"#{self.id}")
        )

    def is_found(self, chosen: QueueFilter) -> bool:
        words = chosen.search.split()
        # Words of two letters are looked for in the newest cases, and in one's own.
        is_short = bool(words) and max(map(len, words)) < 3 and chosen.view is not View.MINE
        is_reached = not is_short or self.id > CASES - found_cases.SHORT_REACH
        return is_reached and all(word in self.text for word in words)

    def place(self, view: View) -> tuple[Any, ...]:
        """By which the view sorts."""
        if view is View.ALL:
            return (-self.created_at.timestamp(), -self.id)
        if view is View.COMPLETED:
            return (-self.completed_at.timestamp(), -self.id)
        return (-self.urgency.rank, self.created_at.timestamp(), self.id)


class Stage:
    """A desk whose cases the model knows one by one."""

    def __init__(self, runner: asyncio.Runner, database_url: str) -> None:
        self.runner = runner
        self.desk = Desk(Database(database_url), sealer=SEALER)
        self.cast: Cast = runner.run(gather_cast(self.desk))
        owners = [self.cast.maria.person_id, self.cast.omar.person_id]
        self.cases = [Kept.made(n, owners) for n in range(1, CASES + 1)]
        runner.run(self._fill())

    async def _fill(self) -> None:
        talk = {"external_id": "x", "profile": {}, "message_count": 0, "created_at": NOW}
        async with self.desk.database.transaction() as session:
            await session.execute(
                insert(Conversation),
                [talk | {"id": case.id, "queue": case.queue} for case in self.cases],
            )
            await session.execute(insert(Escalation), [case.row for case in self.cases])
            await session.execute(
                insert(SearchDocument),
                [{"escalation_id": case.id, "text": case.text} for case in self.cases],
            )

    def expected(self, scope: Scope, chosen: QueueFilter) -> list[int]:
        person = self.cast.maria.person_id
        listed = [case for case in self.cases if case.is_listed(scope, chosen, person)]
        return [case.id for case in sorted(listed, key=lambda case: case.place(chosen.view))]

    async def assert_told(self, scope: Scope, chosen: QueueFilter, limit: int) -> None:
        """All pages one after another, and the counts."""
        person = self.cast.maria.person_id
        expected = self.expected(scope, chosen)
        async with self.desk.database.reading() as session:
            after = None
            for at in range(0, len(expected) + 1, limit):
                page = await case_lists.page(
                    session, scope, Queue.PUBLISHED, chosen, person, limit, after
                )
                assert [case.id for case in page] == expected[at : at + limit]
                after = Position.of(page[-1], chosen.view) if page else after
            counts = await case_lists.counts(session, scope, Queue.PUBLISHED, chosen)
            mine = await case_lists.count_mine(session, scope, Queue.PUBLISHED, chosen, person)
        for view in (View.WAITING, View.ALL, View.COMPLETED):
            held = len(self.expected(scope, chosen.in_view(view)))
            most = MOST_COUNTED if chosen.search else held
            assert getattr(counts, view.value) == min(held, most), view
        assert mine == len(self.expected(scope, chosen.in_view(View.MINE)))


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        stage = Stage(runner, database_url)
        yield stage
        runner.run(stage.desk.database.close())


def some(*values: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


LISTS = st.builds(
    QueueFilter,
    view=st.sampled_from(View),
    statuses=some(*Status),
    urgencies=some(*Urgency),
    topics=some(*TOPICS),
    areas=some(*AREAS),
    search=st.sampled_from(SEARCHES),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scope=st.sampled_from([EVERYTHING, OMARS, Scope(frozenset({"Booking"})), NOTHING]),
    chosen=LISTS,
    limit=st.sampled_from([3, 40]),
    sizes=st.fixed_dictionaries(SIZES),
)
def test_a_search_tells_what_looking_at_each_case_tells(
    stage: Stage, scope: Scope, chosen: QueueFilter, limit: int, sizes: dict[Any, int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), size in sizes.items():
            patch.setattr(module, name, size)
        stage.runner.run(stage.assert_told(scope, chosen, limit))


async def test_a_search_for_other_words_pushes_no_statement_out(desk: Desk, cast: Cast) -> None:
    """What is kept for a list is kept for all that is searched for in it, and wherever a page begins."""
    await a_case(desk, cast, reason="word0 word1")
    kept = (
        *(case_lists._first, case_lists._counted, case_lists._numbered),
        *(looks._walked, found_cases._first_among, found_cases._by_status_among),
    )

    async def look(days: int, search: str) -> list[int]:
        deep = Position(Urgency.HIGH, NOW + timedelta(days=days), days)
        async with desk.database.reading() as session:
            for view, after in itertools.product(View, (None, deep)):
                chosen = QueueFilter(view, search=search)
                await case_lists.page(session, OMARS, Queue.PUBLISHED, chosen, 1, 51, after)
            await case_lists.counts(session, OMARS, Queue.PUBLISHED, chosen)
        return [statements.cache_info().misses for statements in kept]

    known = await look(1, "word0")
    for n in range(1, 5):
        assert await look(n, f"word{n}") == known
