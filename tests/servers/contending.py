"""A process in which some people contest cases, until there are no more or it is killed."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from escalation_app.db import configurations, people  # noqa: F401 - tables
from escalation_app.db.engine import Database
from escalation_app.domain import credentials, idempotency, tags  # noqa: F401 - tables
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import DeskUnavailable, OutcomeUnknown, Refusal
from escalation_app.services import cases, escalations
from escalation_app.services.desk import Desk
from escalation_app.services.viewers import viewers_of
from tests.cast import SEALER
from tests.faults.case_register import Verb
from tests.faults.claim_history import Answer, Outcome, Recorder
from tests.faults.contest import Contender, facts_of, state_of
from tests.servers.waiting_line import WaitingLine


@dataclass
class Services:
    """A person's way to the desk within this process."""

    desk: Desk
    by: Viewer

    async def ask(self, verb: Verb, case: int, what: str) -> Answer:
        try:
            return await self._do(verb, case, what)
        except DeskUnavailable as refusal:
            return Answer(Outcome.UNCHANGED, str(refusal))
        except OutcomeUnknown as refusal:
            return Answer(Outcome.UNKNOWN, str(refusal))
        except Refusal as refusal:
            return Answer(Outcome.REFUSED, str(refusal))

    async def _do(self, verb: Verb, case: int, what: str) -> Answer:
        match verb:
            case Verb.CLAIM:
                done = await escalations.claim(self.desk, self.by, case)
            case Verb.RELEASE:
                done = await escalations.release(self.desk, self.by, case, "")
            case Verb.COMPLETE:
                done = await escalations.complete(self.desk, self.by, case, what, "Told them")
            case Verb.LOOK:
                file = await cases.case_file(self.desk, self.by, case)
                facts = len(facts_of(file.timeline))
                return Answer(Outcome.DONE, "", state_of(file.escalation), facts)
        return Answer(Outcome.DONE, "", state_of(done))


def run(database_url: str, line: Path, history: Path, usernames: Sequence[str]) -> None:
    asyncio.run(_contend(Database(database_url), WaitingLine(line), history, usernames))


async def _contend(
    database: Database, line: WaitingLine, history: Path, usernames: Sequence[str]
) -> None:
    desk = Desk(database, sealer=SEALER)
    recorder, chance = Recorder(history), random.Random(history.name)
    async with asyncio.TaskGroup() as group:
        for by in await _viewers(desk, usernames):
            one = Contender(by.name, Services(desk, by), recorder, chance)
            group.create_task(one.contest_all(line.take))
    await database.close()


async def _viewers(desk: Desk, usernames: Sequence[str]) -> list[Viewer]:
    async with desk.database.reading() as session:
        everybody = await people.everybody(session)
        return await viewers_of(session, [one for one in everybody if one.username in usernames])
