"""The database that all servers of a run begin with, and the hand that changes its cases.

The hand commits through the desk's own services and says so through Redis, in this process: what a
change itself costs is nobody's server CPU.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import select

from escalation_app.db.engine import Database
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import EVERYTHING, Person, Viewer
from escalation_app.domain.vocabulary import Queue, Role, Speaker, Status, Urgency
from escalation_app.integrations.bus import RedisBus
from escalation_app.integrations.sealer import make_sealer
from escalation_app.services import escalations, intake, people
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation, NewMessage

PROJECT = Path(__file__).resolve().parents[1]
SECRET_KEY = "only for benchmarks"
MARIA, PASSWORD = "maria", "heron lamp quarry 7 tide"
PAGE = 50
OTHER_TOPICS = tuple(f"Topic {number:02}" for number in range(30))
SAID = "I was charged twice for the same night, and nobody tells me when I get my money back."


@dataclass(frozen=True)
class Step:
    """One change: the case, what it becomes, and when its commit was done (monotonic seconds)."""

    case_id: int
    status: Status
    committed_at: float = 0.0


def make_database(file: Path, cases: int) -> None:
    """A migrated database with `cases` cases, of which the newest 50 are on the first page."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{file}"}
    migrate = [sys.executable, "-m", "escalation_app.cli", "migrate"]
    subprocess.run(migrate, cwd=PROJECT, env=environment, check=True, capture_output=True)
    asyncio.run(_fill(file, cases))


async def _fill(file: Path, cases: int) -> None:
    database = Database(f"sqlite:///{file}")
    desk = Desk(database, sealer=make_sealer(SECRET_KEY, None))
    await people.create_person(desk, MARIA, "Maria", Role.SUPERVISOR, PASSWORD, EVERYTHING)
    await people.create_person(desk, "hand", "Nadia", Role.SUPERVISOR, scope=EVERYTHING)
    agent = await people.create_person(desk, "agent", "Agent", Role.AGENT)
    by = await people.as_viewer(desk, agent)
    for number in range(cases):
        on_first_page = number >= cases - PAGE
        topic = "Billing" if on_first_page else OTHER_TOPICS[number % len(OTHER_TOPICS)]
        await intake.escalate(desk, by, _case(number, topic))
    await database.close()


def _case(number: int, topic: str) -> NewEscalation:
    # The longest target, so that none becomes overdue during the run.
    return NewEscalation(
        queue=Queue.PUBLISHED,
        urgency=Urgency.LOW,
        topic=topic,
        area="Payment",
        reason=f"The customer disputes charge {number:05} and wants to speak to a person.",
        trigger="Asks for a person",
        external_id=f"benchmark-{number}",
        profile={"name": f"Guest {number:05}"},
        messages=(NewMessage(Speaker.USER, SAID),),
    )


class Hand:
    """Claims the cases of the first page one after the other, then releases them, and so on."""

    def __init__(self, file: Path, redis_url: str) -> None:
        self._database = Database(f"sqlite:///{file}")
        self._bus = RedisBus(redis_url)
        self._committed_at = 0.0
        sealer = make_sealer(SECRET_KEY, None)
        self._desk = Desk(self._database, announce=self._announce, sealer=sealer)
        self._by: Viewer | None = None
        self._cases: list[int] = []
        self._next = 0

    async def __aenter__(self) -> "Hand":
        async with self._database.reading() as session:
            newest = select(Escalation.id).order_by(Escalation.id.desc()).limit(PAGE)  # type: ignore[union-attr]
            self._cases = [number or 0 for number in (await session.execute(newest)).scalars()]
            nadia = select(Person).where(Person.username == "hand")
            person = (await session.execute(nadia)).scalar_one()
        self._by = await people.as_viewer(self._desk, person)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bus.close()
        await self._database.close()

    def plan(self, count: int) -> list[Step]:
        """What the next so many changes will be."""
        turns = range(self._next, self._next + count)
        return [self._step(turn) for turn in turns]

    async def do(self, steps: Sequence[Step], rate: float) -> list[Step]:
        """Make the planned changes at this rate; return them with the moments of their commits."""
        assert self._by is not None
        begun, done = time.monotonic(), []
        for number, step in enumerate(steps):
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            if step.status is Status.IN_PROGRESS:
                await escalations.claim(self._desk, self._by, step.case_id)
            else:
                await escalations.release(self._desk, self._by, step.case_id, "")
            done.append(replace(step, committed_at=self._committed_at))
        self._next += len(steps)
        return done

    def _step(self, turn: int) -> Step:
        lap, place = divmod(turn, PAGE)
        status = Status.PENDING if lap % 2 else Status.IN_PROGRESS
        return Step(self._cases[place], status)

    async def _announce(self, seq: int) -> None:
        self._committed_at = time.monotonic()
        await self._bus.announce(seq)
