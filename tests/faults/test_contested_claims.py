"""64 people in several processes after the same cases, some killed: each case has one winner.

A contest is several people, in whichever processes, who claim one case at about the same time and
then complete it, give it back or keep it, while the others look, claim again and are refused.
"""

import asyncio
import logging
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from escalation_app.services import audit
from escalation_app.services.desk import Desk
from tests.cast import Cast
from tests.faults.claim_history import Outcome, read
from tests.faults.contested_cases import contenders, contradictions, figures, met, waiting
from tests.servers.crowd import Crowd
from tests.services.attacker import found

CONTENDERS = 64
PROCESSES = 4
# Nothing is wrong with the database. But on a machine that stands still for seconds, one of several
# processes on SQLite may not get its lock within five.
TURNED_AWAY = 1 / 1_000
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
async def test_of_10_000_contested_claims_each_has_one_winner_while_processes_are_killed(
    desk: Desk, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    """3,400 cases, each claimed by three of the 64 at about the same time, and 40 kills."""
    await contested(desk, cast, database_url, tmp_path, Contests(3_400, 3, 40))


async def contested(
    desk: Desk, cast: Cast, database_url: str, directory: Path, contests: Contests
) -> None:
    cases = await waiting(desk, cast.agent, contests.cases)
    crowd = Crowd(directory, database_url, await contenders(desk, CONTENDERS), PROCESSES)
    each = [case for case in cases for _ in range(contests.of_each)]
    await asyncio.to_thread(crowd.contest, each, contests.kills, random.Random(5))
    assert crowd.killed == contests.kills
    calls = read(crowd.histories)
    log.info(figures(calls))
    assert [str(call) for call in calls if "locked" in call.answer.said] == []
    turned_away = [call for call in calls if call.answer.outcome is Outcome.UNCHANGED]
    assert len(turned_away) <= len(calls) * TURNED_AWAY
    # Nobody who lived to hear an answer is left in doubt.
    assert [str(call) for call in calls if call.is_open and call.until] == []
    assert await contradictions(desk, cases, calls) == []
    tally = audit.Tally()
    assert await found(desk, tally=tally) == []
    assert (tally.cases, tally.unsealed) == (contests.cases, 0)
    assert len(met(calls)) > contests.cases / 2
