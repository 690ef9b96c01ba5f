"""Any order of verbs by anybody leaves every case in a state that the rules allow."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
)
from sqlmodel import SQLModel

from escalation_app.db import escalations as queries
from escalation_app.db import timeline
from escalation_app.db.engine import Database
from escalation_app.domain.people import ALL_QUEUES
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.vocabulary import Status, TimelineKind
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import tell_overdue
from tests.cast import SEALER, a_case, gather_cast, id_of
from tests.histories import check_histories
from tests.servers.postgres_server import PostgresServer

WORKERS = st.sampled_from(["maria", "omar", "lina", "admin", "agent"])
AFTER = {
    "escalated": Status.PENDING,
    "claimed": Status.IN_PROGRESS,
    "released": Status.PENDING,
    "completed": Status.COMPLETED,
}


class Lifecycle(RuleBasedStateMachine):
    database_url = ""
    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.desk = Desk(Database(self.database_url), sealer=SEALER)
        self.run(self._reset())
        self.cast = self.run(gather_cast(self.desk))
        self.known: list[int] = []

    def run(self, work):
        return self.loop.run_until_complete(work)

    async def _reset(self) -> None:
        async with self.desk.database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.drop_all)
            await connection.run_sync(SQLModel.metadata.create_all)

    def _try(self, work) -> None:
        with contextlib.suppress(Refusal):
            self.run(work)

    @rule(target=cases, topic=st.sampled_from(["Refund", "Booking"]))
    def escalate(self, topic: str) -> int:
        case_id = id_of(self.run(a_case(self.desk, self.cast, topic=topic)))
        self.known.append(case_id)
        return case_id

    @rule(case_id=cases, who=WORKERS)
    def claim(self, case_id: int, who: str) -> None:
        self._try(escalations.claim(self.desk, getattr(self.cast, who), case_id))

    @rule(case_id=cases, who=WORKERS, note=st.text(max_size=5))
    def release(self, case_id: int, who: str, note: str) -> None:
        self._try(escalations.release(self.desk, getattr(self.cast, who), case_id, note))

    @rule(case_id=cases, who=WORKERS, what=st.sampled_from(["", "done"]))
    def complete(self, case_id: int, who: str, what: str) -> None:
        self._try(escalations.complete(self.desk, getattr(self.cast, who), case_id, what, "x"))

    @rule(days=st.integers(-1, 2))
    def the_clock_jumps(self, days: int) -> None:
        moment = self.desk.clock() + timedelta(days=days)
        self.run(tell_overdue(replace(self.desk, clock=lambda: moment)))

    @invariant()
    def each_status_is_told_overdue_at_most_once(self) -> None:
        async def check() -> None:
            async with self.desk.database.reading() as session:
                for case_id in self.known:
                    told = [
                        entry.data["status"]
                        for entry in await timeline.of_case(session, case_id)
                        if entry.kind is TimelineKind.OVERDUE
                    ]
                    assert len(told) == len(set(told))
                    assert set(told) <= {"Pending", "InProgress"}

        self.run(check())

    @invariant()
    def the_timeline_tells_the_status(self) -> None:
        async def check() -> None:
            async with self.desk.database.reading() as session:
                for case_id in self.known:
                    case = await queries.find(session, ALL_QUEUES, case_id)
                    assert case is not None
                    told = [
                        entry.kind.value
                        for entry in await timeline.of_case(session, case_id)
                        if entry.kind.value in AFTER
                    ]
                    assert AFTER[told[-1]] is case.status
                    assert (case.status is Status.PENDING) == (case.claimed_by_id is None)
                    assert (case.status is Status.COMPLETED) == (case.resolution is not None)

        self.run(check())

    def teardown(self) -> None:
        self.run(self.desk.database.close())
        self.loop.close()


def test_lifecycle_on_sqlite(tmp_path: Path) -> None:
    check_histories(Lifecycle, f"sqlite:///{tmp_path / 'desk.db'}", examples=15)


@pytest.mark.usefixtures("postgres")
def test_lifecycle_on_postgresql(postgres: PostgresServer) -> None:
    check_histories(Lifecycle, postgres.new_database(), examples=15)
