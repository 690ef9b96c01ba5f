"""64 people in several processes after the same cases, some killed: each case has one winner.

A contest is several people, in whichever processes, who claim one case at about the same time and
then complete it, give it back or keep it, while the others look, claim again and are refused.
"""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import EVERYTHING, Person
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Role, Urgency
from escalation_app.services import audit, intake
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation
from tests.cast import Cast, grant
from tests.faults.case_register import Verb
from tests.faults.claim_history import Answer, Call, Outcome, by_case, read
from tests.faults.contest import facts_of, state_of
from tests.faults.linearizability import Fact, contradiction
from tests.servers.crowd import Crowd
from tests.services.attacker import found

CONTENDERS = 64
PROCESSES = 4
AT_A_TIME = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Contests:
    """So many cases, so many claims of each, so many kills on the way."""

    cases: int
    of_each: int
    kills: int


async def test_each_case_has_one_winner_while_processes_are_killed(
    desk: Desk, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    await contested(desk, cast, database_url, tmp_path, Contests(48, 4, 4))


@pytest.mark.long
async def test_each_of_10_000_cases_has_one_winner_while_processes_are_killed(
    desk: Desk, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    """10,000 cases, each claimed by four of the 64 at about the same time, and 100 kills."""
    await contested(desk, cast, database_url, tmp_path, Contests(10_000, 4, 100))


async def contested(
    desk: Desk, cast: Cast, database_url: str, directory: Path, contests: Contests
) -> None:
    cases = await waiting(desk, cast, contests.cases)
    crowd = Crowd(directory, database_url, await contenders(desk), PROCESSES)
    each = [case for case in cases for _ in range(contests.of_each)]
    await asyncio.to_thread(crowd.contest, each, contests.kills, random.Random(5))
    assert crowd.killed == contests.kills
    calls = read(crowd.histories)
    tell(calls)
    # Nothing was wrong with the database, so nobody may hear that it can't be reached or is locked.
    trouble = {Outcome.UNCHANGED, Outcome.UNKNOWN}
    assert [str(call) for call in calls if call.until and call.answer.outcome in trouble] == []
    assert await contradictions(desk, calls) == []
    tally = audit.Tally()
    assert await found(desk, tally=tally) == []
    assert (tally.cases, tally.unsealed) == (contests.cases, 0)
    assert len(met(calls)) > contests.cases / 2


async def waiting(desk: Desk, cast: Cast, number: int) -> list[int]:
    cases: list[int] = []
    while len(cases) < number:
        async with desk.changing() as change:
            for _ in range(min(AT_A_TIME, number - len(cases))):
                new = NewEscalation(
                    queue=Queue.PUBLISHED,
                    urgency=Urgency.HIGH,
                    topic="Refund",
                    area="Payment",
                    reason="Charged twice.",
                    trigger="Angry customer",
                    external_id=f"contested-{len(cases)}",
                )
                case = await intake.escalate_within(desk, change, cast.agent, new)
                assert case.id is not None
                cases.append(case.id)
    return cases


async def contenders(desk: Desk) -> list[str]:
    usernames = [f"contender-{number}" for number in range(CONTENDERS)]
    async with desk.changing() as change:
        for username in usernames:
            name, now = username.capitalize(), desk.clock()
            change.session.add(
                Person(username=username, name=name, role=Role.SUPERVISOR, created_at=now)
            )
    await grant(desk, dict.fromkeys(usernames, EVERYTHING))
    return usernames


async def contradictions(desk: Desk, calls: Sequence[Call]) -> list[str]:
    """What can't be explained in any case's history, the database's own last word included."""
    asked, said = by_case(calls), []
    for case, (last_word, timeline) in (await in_the_database(desk)).items():
        wrong = contradiction([*asked.get(case, []), last_word], timeline)
        if wrong:
            said.append(f"Case {case}: {wrong}")
    return said


async def in_the_database(desk: Desk) -> dict[int, tuple[Call, list[Fact]]]:
    """Each case as a look at it when all was over, and the changes on its timeline."""
    async with desk.database.reading() as session:
        cases = (await session.execute(select(Escalation))).scalars().all()
        query = select(TimelineEntry).order_by(col(TimelineEntry.id))
        entries = (await session.execute(query)).scalars().all()
    of_case: dict[int | None, list[TimelineEntry]] = {}
    for entry in entries:
        of_case.setdefault(entry.escalation_id, []).append(entry)
    return {case.id: _last_word(case, of_case[case.id]) for case in cases}


def _last_word(case: Escalation, entries: Sequence[TimelineEntry]) -> tuple[Call, list[Fact]]:
    timeline = facts_of(entries)
    answer = Answer(Outcome.DONE, "", state_of(case), len(timeline))
    now = time.monotonic_ns()
    return Call(case.id, "The database", Verb.LOOK, now, "", answer, now), timeline


def met(calls: Sequence[Call]) -> set[int]:
    """The cases that two people were claiming at the same time."""
    claims = [call for call in calls if call.verb is Verb.CLAIM and call.until]
    return {
        case
        for case, those in by_case(claims).items()
        if any(later.since < earlier.until for earlier, later in pairwise(those))
    }


def tell(calls: Sequence[Call]) -> None:
    claims = [call for call in calls if call.verb is Verb.CLAIM]
    seconds = (max(call.until or 0 for call in calls) - calls[0].since) / 1e9
    log.info(
        "%d cases met, %d calls in %.1f s, %.0f claims/s; %d claims, %d refused, %d calls unanswered",
        len(met(calls)),
        len(calls),
        seconds,
        len(claims) / seconds,
        len(claims),
        sum(call.answer.outcome is Outcome.REFUSED for call in claims),
        sum(call.is_open for call in calls),
    )
