"""What people do who are all after the same cases, on whatever way they have to the desk."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry
from tests.faults.case_register import TOLD, State, Verb
from tests.faults.claim_history import Answer, Outcome, Recorder
from tests.faults.linearizability import Fact

TROUBLE = (Outcome.UNCHANGED, Outcome.UNKNOWN)
PATIENCE_SECONDS = 0.2
LOOKS = 0.15


class Way(Protocol):
    """A person's way to the desk."""

    async def ask(self, verb: Verb, case: int, what: str) -> Answer: ...


@dataclass
class Contender:
    """Claims what others claim too, and does with it this and that; all of it is written down."""

    name: str
    way: Way
    recorder: Recorder
    chance: random.Random

    async def contest_all(self, next_case: Callable[[], int | None]) -> None:
        while (case := next_case()) is not None:
            await self.contest(case)

    async def contest(self, case: int) -> None:
        if self._happens(LOOKS):
            await self._ask(case, Verb.LOOK)
        while (claimed := await self._ask(case, Verb.CLAIM)).outcome in TROUBLE:
            await asyncio.sleep(PATIENCE_SECONDS)
            await self._ask(case, Verb.LOOK)
        if claimed.outcome is Outcome.DONE:
            await self._work(case)
        else:
            await self._come_second(case)

    async def _work(self, case: int) -> None:
        """Complete it, give it back, take it back, or keep it."""
        if self._happens(0.3):
            await self._ask(case, Verb.RELEASE)
            if self._happens(0.5):
                await self._ask(case, Verb.CLAIM)
        if self._happens(0.6):
            await self._complete(case)

    async def _come_second(self, case: int) -> None:
        if self._happens(0.1):
            await self._ask(case, Verb.RELEASE)
        if self._happens(0.1):
            await self._complete(case)
        if self._happens(LOOKS):
            await self._ask(case, Verb.LOOK)

    async def _complete(self, case: int) -> None:
        # No two resolutions are the same, so that nobody takes another's for their own.
        await self._ask(case, Verb.COMPLETE, f"{self.name} did {self.chance.random()}")

    async def _ask(self, case: int, verb: Verb, what: str = "") -> Answer:
        number = self.recorder.asks(case, self.name, verb, what)
        answer = await self.way.ask(verb, case, what)
        self.recorder.hears(number, answer)
        return answer

    def _happens(self, probability: float) -> bool:
        return self.chance.random() < probability


def state_of(case: Escalation) -> State:
    return State(case.status, case.completed_by or case.claimed_by or "", case.what_happened)


def facts_of(timeline: Sequence[TimelineEntry]) -> list[Fact]:
    """The changes among what the timeline tells."""
    changes = TOLD.values()
    return [Fact(one.kind.value, one.actor) for one in timeline if one.kind.value in changes]
