"""A case that is open past its response target is told of once in each status, whoever looks."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from escalation_app.db import case_changes, timeline
from escalation_app.db import escalations as queries
from escalation_app.db.engine import Database
from escalation_app.domain.configuration import ResponseTargets
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import ALL_QUEUES
from escalation_app.domain.refusals import DeskUnavailable, Refusal
from escalation_app.domain.timeline import THE_DESK, TimelineEntry
from escalation_app.domain.vocabulary import Queue, Status, TimelineKind, Urgency
from escalation_app.services import cases, escalations, settings
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import AT_ONCE, tell_overdue
from tests.cast import Cast, a_case, id_of
from tests.services.statements import heard

SECOND = timedelta(seconds=1)


def at(desk: Desk, moment: datetime) -> Desk:
    """The same desk when its clock shows this moment."""
    return replace(desk, clock=lambda: moment)


async def facts(desk: Desk, case_id: int) -> list[TimelineEntry]:
    async with desk.database.reading() as session:
        history = await timeline.of_case(session, case_id)
    return [entry for entry in history if entry.kind is TimelineKind.OVERDUE]


async def statuses_told(desk: Desk, case_id: int) -> list[str]:
    return [entry.data["status"] for entry in await facts(desk, case_id)]


async def the_case(desk: Desk, case_id: int) -> Escalation:
    async with desk.database.reading() as session:
        found = await queries.find(session, ALL_QUEUES, case_id)
    assert found is not None
    return found


@pytest.mark.parametrize("urgency", list(Urgency))
async def test_a_case_is_overdue_when_the_target_of_its_urgency_has_passed(
    desk: Desk, cast: Cast, urgency: Urgency
) -> None:
    now = await settings.read(desk, cast.lina)
    targets = ResponseTargets(critical=3, high=5, medium=7, low=11)
    revision = await settings.save(
        desk, cast.lina, now.revision, replace(now.draft, targets=targets)
    )
    await settings.publish(desk, cast.lina, revision)
    case = await a_case(desk, cast, urgency=urgency)
    assert case.due_at == case.created_at + targets.of(urgency)
    assert await tell_overdue(at(desk, case.due_at - SECOND)) == 0
    assert await tell_overdue(at(desk, case.due_at)) == 1
    assert await statuses_told(desk, id_of(case)) == ["Pending"]


async def test_the_desk_itself_tells_it_and_the_case_has_changed(desk: Desk, cast: Cast) -> None:
    before = await a_case(desk, cast)
    await tell_overdue(at(desk, before.due_at))
    (fact,) = await facts(desk, id_of(before))
    assert (fact.actor, fact.actor_id, fact.at) == (THE_DESK, None, before.due_at)
    after = await the_case(desk, id_of(before))
    assert after.version == before.version + 1
    assert after.updated_at == before.due_at
    assert after.status is Status.PENDING


async def test_each_status_is_told_once_also_after_release_and_claim(
    desk: Desk, cast: Cast
) -> None:
    case = await a_case(desk, cast)
    late = at(desk, case.due_at + SECOND)
    for _ in range(3):
        await tell_overdue(late)
        await tell_overdue(late)
        await escalations.claim(late, cast.maria, id_of(case))
        await tell_overdue(late)
        await escalations.release(late, cast.maria, id_of(case), "")
    assert await statuses_told(desk, id_of(case)) == ["Pending", "InProgress"]
    sentences = {cases.sentence(fact) for fact in await facts(desk, id_of(case))}
    assert sentences == {
        "Past its response target while pending",
        "Past its response target while in progress",
    }


async def test_a_case_claimed_in_time_is_told_of_in_progress_alone(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)
    await escalations.claim(desk, cast.maria, id_of(case))
    await tell_overdue(at(desk, case.due_at))
    assert await statuses_told(desk, id_of(case)) == ["InProgress"]


async def test_a_completed_case_is_never_overdue(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)
    await escalations.claim(desk, cast.maria, id_of(case))
    await escalations.complete(desk, cast.maria, id_of(case), "a", "b")
    assert await tell_overdue(at(desk, case.due_at + timedelta(days=9))) == 0
    assert await facts(desk, id_of(case)) == []


async def test_a_clock_that_jumps_ahead_and_back_tells_nothing_twice(
    desk: Desk, cast: Cast
) -> None:
    case = await a_case(desk, cast, urgency=Urgency.HIGH)
    hour = timedelta(hours=1)
    for moment in (
        case.created_at,
        case.created_at + hour,
        case.created_at - hour,
        case.created_at,
        case.created_at + 2 * hour,
    ):
        await tell_overdue(at(desk, moment))
    assert await statuses_told(desk, id_of(case)) == ["Pending"]


async def test_more_than_a_batch_is_told_whole_and_announced_by_the_batch(
    desk: Desk, cast: Cast
) -> None:
    known = [await a_case(desk, cast, queue=Queue.PREVIEW) for _ in range(AT_ONCE + 3)]
    heard: list[int] = []

    async def announce(seq: int) -> None:
        heard.append(seq)

    late = replace(at(desk, known[-1].due_at), announce=announce)
    assert await tell_overdue(late) == len(known)
    assert len(heard) == 2
    assert await tell_overdue(late) == 0
    assert len(heard) == 2


async def test_a_long_list_of_them_holds_no_case_that_somebody_may_want_to_claim(
    desk: Desk, cast: Cast
) -> None:
    known = [await a_case(desk, cast) for _ in range(AT_ONCE)]
    with heard(desk) as statements:
        assert await tell_overdue(at(desk, known[-1].due_at)) == AT_ONCE
    assert not [statement for statement in statements if " FOR " in statement]


async def test_what_was_written_is_announced_also_when_the_database_goes_away_then(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [await a_case(desk, cast) for _ in range(3)]
    heard_of: list[int] = []
    real = case_changes.write

    async def flaky(*written: Any) -> bool:
        if await told_of(desk) == 2:
            raise DeskUnavailable
        return await real(*written)

    async def announce(seq: int) -> None:
        heard_of.append(seq)

    async def told_of(desk: Desk) -> int:
        return sum([len(await facts(desk, id_of(case))) for case in known])

    monkeypatch.setattr(case_changes, "write", flaky)
    late = replace(at(desk, known[-1].due_at), announce=announce)
    with pytest.raises(DeskUnavailable):
        await tell_overdue(late)
    newest = [fact.id for case in known for fact in await facts(desk, id_of(case))]
    assert (len(newest), heard_of) == (2, [max(number for number in newest if number)])


async def test_of_eight_processes_exactly_one_tells_each_case(
    desk: Desk, cast: Cast, database_url: str
) -> None:
    known = [await a_case(desk, cast) for _ in range(30)]
    databases = [Database(database_url) for _ in range(8)]
    late = at(desk, known[-1].due_at)
    told = await asyncio.gather(
        *(tell_overdue(replace(late, database=database)) for database in databases)
    )
    for database in databases:
        await database.close()
    assert sum(told) == len(known)
    for case in known:
        assert await statuses_told(desk, id_of(case)) == ["Pending"]


async def test_a_claim_at_the_same_moment_always_succeeds(
    desk: Desk, cast: Cast, database_url: str
) -> None:
    other = Database(database_url)
    for _ in range(10):
        case = await a_case(desk, cast)
        late = at(desk, case.due_at)
        await asyncio.gather(
            tell_overdue(late),
            escalations.claim(late, cast.maria, id_of(case)),
            tell_overdue(replace(late, database=other)),
        )
        await tell_overdue(late)
        assert (await the_case(desk, id_of(case))).claimed_by == "Maria"
        told = await statuses_told(desk, id_of(case))
        assert told in (["InProgress"], ["Pending", "InProgress"])
    await other.close()


async def test_of_many_who_claim_at_that_moment_one_wins_and_nobody_meets_an_error(
    desk: Desk, cast: Cast
) -> None:
    for _ in range(5):
        case = await a_case(desk, cast)
        late = at(desk, case.due_at)
        _, *answers = await asyncio.gather(
            tell_overdue(late),
            *(escalations.claim(late, who, id_of(case)) for who in (cast.maria, cast.omar)),
            *(escalations.claim(late, who, id_of(case)) for who in (cast.admin, cast.omar)),
            return_exceptions=True,
        )
        assert all(isinstance(answer, Escalation | Refusal) for answer in answers), answers
        assert (await the_case(desk, id_of(case))).status is Status.IN_PROGRESS
