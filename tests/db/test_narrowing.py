"""A view's filters mean the same to the database and to who looks at a case in hand."""

import contextlib
from itertools import product
from random import Random

from sqlmodel import select

from escalation_app.db import case_lists
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of

TOPICS, AREAS = ["Billing", "Refund", "Booking"], ["Payment", "Order"]
FILTERS = [
    QueueFilter(
        view, frozenset(statuses), frozenset(urgencies), frozenset(topics), frozenset(areas)
    )
    for view, statuses, urgencies, topics, areas in product(
        View,
        [(), (Status.PENDING,), (Status.IN_PROGRESS, Status.COMPLETED)],
        [(), (Urgency.CRITICAL, Urgency.LOW)],
        [(), ("Billing", "Refund")],
        [(), ("Order",)],
    )
]


async def test_a_list_holds_just_the_cases_of_which_its_filters_say_so(
    desk: Desk, cast: Cast
) -> None:
    await a_day_at_the_desk(desk, cast)
    async with desk.database.reading() as session:
        cases = (await session.execute(select(Escalation))).scalars().all()
        assert {case.status for case in cases} == set(Status)
        for chosen, who in product(FILTERS, (cast.maria, cast.omar)):
            rows = await case_lists.page(
                session, EVERYTHING, Queue.PUBLISHED, chosen, who.person_id, len(cases)
            )
            expected = {case.id for case in cases if chosen.holds(case, who.person_id)}
            assert {row.id for row in rows} == expected, chosen


async def a_day_at_the_desk(desk: Desk, cast: Cast) -> None:
    """Cases of all sorts, some of them taken, given back and completed."""
    chance = Random(7)
    for topic, area, urgency in product(TOPICS, AREAS, Urgency):
        case_id = id_of(await a_case(desk, cast, topic=topic, area=area, urgency=urgency))
        who = chance.choice([cast.maria, cast.omar])
        with contextlib.suppress(Refusal):
            for verb in chance.choice(["", "c", "cr", "cd", "cd"]):
                match verb:
                    case "c":
                        await escalations.claim(desk, who, case_id)
                    case "r":
                        await escalations.release(desk, who, case_id, "Not mine.")
                    case "d":
                        await escalations.complete(desk, who, case_id, "a", "b")
