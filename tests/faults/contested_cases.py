"""The cases and the people of a contest, and what the database has to say when it is over."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from escalation_app.domain.audit import chain
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import EVERYTHING, Person, Viewer
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Role, Status, Urgency
from escalation_app.services.desk import Desk
from tests.cast import grant, id_of
from tests.faults.case_register import Verb
from tests.faults.claim_history import Answer, Call, Outcome, by_case
from tests.faults.contest import facts_of, state_of
from tests.faults.linearizability import Fact, contradiction

AT_A_TIME = 100
THE_DATABASE = "The database"


async def contenders(desk: Desk, number: int) -> list[str]:
    """So many supervisors who see everything, by their usernames."""
    team = uuid4().hex[:6]
    usernames = [f"contender-{team}-{one}" for one in range(number)]
    async with desk.changing() as change:
        change.session.add_all(
            Person(
                username=username,
                name=username.capitalize(),
                role=Role.SUPERVISOR,
                created_at=desk.clock(),
            )
            for username in usernames
        )
    await grant(desk, dict.fromkeys(usernames, EVERYTHING))
    return usernames


async def waiting(desk: Desk, agent: Viewer, number: int) -> list[int]:
    """So many cases that nobody has claimed yet, made like any other but many at once."""
    cases: list[int] = []
    while len(cases) < number:
        some = min(AT_A_TIME, number - len(cases))
        names = [f"contested-{uuid4().hex}" for _ in range(some)]
        cases.extend(await _escalated(desk, agent, names))
    return cases


async def _escalated(desk: Desk, agent: Viewer, names: Sequence[str]) -> list[int]:
    now = desk.clock()
    async with desk.database.transaction() as session:
        conversations = [
            Conversation(queue=Queue.PUBLISHED, external_id=name, profile={}, created_at=now)
            for name in names
        ]
        session.add_all(conversations)
        await session.flush()
        cases = [_case_of(conversation, now) for conversation in conversations]
        session.add_all(cases)
        await session.flush()
        for case in cases:
            fact = case.escalate(agent)
            chain(case, fact, desk.sealer)
            session.add(fact)
    return [id_of(case) for case in cases]


def _case_of(conversation: Conversation, now: datetime) -> Escalation:
    assert conversation.id is not None
    return Escalation(
        queue=conversation.queue,
        status=Status.PENDING,
        urgency=Urgency.HIGH,
        topic="Refund",
        area="Payment",
        reason="Charged twice.",
        trigger="Angry customer",
        conversation_id=conversation.id,
        profile={},
        profile_name="Unknown",
        due_at=now + timedelta(days=1),
        created_at=now,
        updated_at=now,
    )


async def contradictions(desk: Desk, cases: Sequence[int], calls: Sequence[Call]) -> list[str]:
    """What can't be explained of any of the cases, the database's own last word included."""
    asked, said = by_case(calls), []
    for case, (last_word, timeline) in (await _in_the_database(desk, cases)).items():
        wrong = contradiction([*asked.get(case, []), last_word], timeline)
        if wrong:
            said.append(f"Case {case}: {wrong}")
    return said


async def _in_the_database(desk: Desk, cases: Sequence[int]) -> dict[int, tuple[Call, list[Fact]]]:
    """Each case as a look at it when all is over, and the changes on its timeline."""
    of_case: dict[int | None, list[TimelineEntry]] = {}
    async with desk.database.reading() as session:
        found = {row.id: row for row in (await session.execute(select(Escalation))).scalars()}
        query = select(TimelineEntry).order_by(col(TimelineEntry.id))
        for entry in (await session.execute(query)).scalars():
            of_case.setdefault(entry.escalation_id, []).append(entry)
    return {case: _last_word(found[case], of_case[case]) for case in cases}


def _last_word(case: Escalation, entries: Sequence[TimelineEntry]) -> tuple[Call, list[Fact]]:
    timeline = facts_of(entries)
    answer = Answer(Outcome.DONE, "", state_of(case), len(timeline))
    now = time.monotonic_ns()
    return Call(id_of(case), THE_DATABASE, Verb.LOOK, now, "", answer, now), timeline


def met(calls: Sequence[Call]) -> set[int]:
    """The cases that two people were claiming at the same time."""
    claims = [call for call in calls if call.verb is Verb.CLAIM and call.until]
    return {
        case
        for case, those in by_case(claims).items()
        if any(later.since < (earlier.until or 0) for earlier, later in pairwise(those))
    }


def figures(calls: Sequence[Call]) -> str:
    """What was seen, for whoever reads the log."""
    claims = [call for call in calls if call.verb is Verb.CLAIM]
    answered = [call for call in claims if call.until and not call.is_open]
    seconds = (max(call.until or 0 for call in calls) - calls[0].since) / 1e9
    won = sum(call.answer.outcome is Outcome.DONE for call in claims)
    refused = sum(call.answer.outcome is Outcome.REFUSED for call in claims)
    return (
        f"{len(calls)} calls in {seconds:.1f} s, {sum(call.is_open for call in calls)} of them "
        f"with an unknown outcome; {len(claims)} claims, {won} won and {refused} refused, "
        f"{len(answered) / seconds:.0f} answered per second; {len(met(calls))} cases on which "
        "claims met"
    )
