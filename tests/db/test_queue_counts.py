"""The counters never disagree with the cases, whatever happened and however much at once."""

import asyncio
import contextlib
import itertools
import random
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import text

from escalation_app.db import case_lists
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from tests.cast import OMARS, Cast, a_case, id_of
from tests.histories import check_histories
from tests.servers.postgres_server import PostgresServer
from tests.services.test_lifecycle import Lifecycle
from tests.unguarded import unguard_timeline

CELL = "queue, status, topic, area, urgency"
DISAGREEING = f"""
SELECT {CELL}, sum(n) FROM (
    SELECT {CELL}, n FROM queue_count
    UNION ALL SELECT {CELL}, -1 FROM escalation
) AS both_sides GROUP BY {CELL} HAVING sum(n) <> 0
"""


async def assert_agreeing(desk: Desk) -> None:
    chosen = QueueFilter(urgencies=frozenset({Urgency.HIGH, Urgency.CRITICAL}))
    async with desk.database.reading() as session:
        assert (await session.execute(text(DISAGREEING))).all() == []
        for scope in (EVERYTHING, OMARS):
            counts = await case_lists.counts(session, scope, Queue.PUBLISHED, chosen)
            for view in (View.WAITING, View.ALL, View.COMPLETED):
                listed = await case_lists.page(
                    session, scope, Queue.PUBLISHED, chosen.in_view(view), 0, 500
                )
                assert getattr(counts, view.value) == len(listed)


class Counted(Lifecycle):
    """Any order of verbs, and what no verb does: a case that is corrected or removed by hand."""

    async def _reset(self) -> None:
        await super()._reset()
        async with self.desk.database.engine.begin() as connection:
            await unguard_timeline(connection)

    @rule(
        topic=st.sampled_from(["Refund", "Booking"]),
        urgency=st.sampled_from(Urgency),
        which=st.integers(0, 5),
    )
    def correct(self, topic: str, urgency: Urgency, which: int) -> None:
        self.run(
            self._by_hand(
                "UPDATE escalation SET topic = :topic, urgency = :urgency WHERE id % 6 = :which",
                {"topic": topic, "urgency": urgency.rank, "which": which},
            )
        )

    @rule(topic=st.sampled_from(["Refund", "Booking"]))
    def remove_completed(self, topic: str) -> None:
        where = "topic = :topic AND status = 'Completed'"
        ids = f"(SELECT id FROM escalation WHERE {where})"
        self.run(
            self._by_hand(
                f"DELETE FROM timeline_entry WHERE escalation_id IN {ids}", {"topic": topic}
            )
        )
        self.run(self._by_hand(f"DELETE FROM escalation WHERE {where}", {"topic": topic}))
        self.known = self.run(self._remaining())

    @invariant()
    def counters_agree_with_the_cases(self) -> None:
        self.run(assert_agreeing(self.desk))

    async def _by_hand(self, statement: str, values: dict[str, object]) -> None:
        async with self.desk.database.transaction() as session:
            await session.execute(text(statement), values)

    async def _remaining(self) -> list[int]:
        async with self.desk.database.reading() as session:
            return list((await session.execute(text("SELECT id FROM escalation"))).scalars())


def test_counters_agree_after_any_history_on_sqlite(tmp_path: Path) -> None:
    check_histories(Counted, f"sqlite:///{tmp_path / 'desk.db'}")


def test_counters_agree_after_any_history_on_postgresql(postgres: PostgresServer) -> None:
    check_histories(Counted, postgres.new_database())


async def test_counters_agree_after_many_worked_at_once(desk: Desk, cast: Cast) -> None:
    urgencies = itertools.cycle(Urgency)
    cases = [id_of(await a_case(desk, cast, urgency=next(urgencies))) for _ in range(12)]

    async def work(seed: int) -> None:
        chance = random.Random(seed)
        who = chance.choice([cast.maria, cast.omar, cast.admin])
        for _ in range(12):
            case = chance.choice(cases)
            with contextlib.suppress(Refusal):
                await escalations.claim(desk, who, case)
            with contextlib.suppress(Refusal):
                if chance.random() < 0.7:
                    await escalations.release(desk, who, case, "")
                else:
                    await escalations.complete(desk, who, case, "done", "done")

    await asyncio.gather(*(work(seed) for seed in range(12)))
    await assert_agreeing(desk)


async def test_a_change_that_is_rolled_back_is_not_counted(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)

    async def change_ones_mind() -> None:
        async with desk.database.transaction() as session:
            await session.execute(text("UPDATE escalation SET topic = 'Other'"))
            raise LookupError

    with pytest.raises(LookupError):
        await change_ones_mind()
    await assert_agreeing(desk)
    async with desk.database.reading() as session:
        counts = await case_lists.counts(session, OMARS, Queue.PUBLISHED, QueueFilter())
    assert (counts.waiting, case.status) == (1, Status.PENDING)
