"""A busy day: new cases and changes at a given rate, through the same services as everybody's."""

import asyncio
import logging
import random
import time
from uuid import uuid4

from escalation_app.db import case_lists
from escalation_app.db import people as people_queries
from escalation_app.demo.library import recorded
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, Viewer
from escalation_app.domain.refusals import Refusal
from escalation_app.domain.vocabulary import Queue, Role, Speaker, Urgency, View
from escalation_app.services import conversations, escalations, intake, people
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)

QUEUE = Queue.PUBLISHED
VERBS = ("escalate", "claim", "complete", "release", "say")
WEIGHTS = (4, 3, 2, 1, 2)


async def simulate(desk: Desk, *, rate: float, seconds: float) -> int:
    """Make `rate` changes a second for so many seconds, or for ever when `seconds` is 0.

    Returns how many were made.
    """
    agent = await _person(desk, "simulated-agent", "AI agent", Role.AGENT)
    workers = [
        await _person(desk, "simulated-sam", "Sam (simulated)", Role.SUPERVISOR),
        await _person(desk, "simulated-tess", "Tess (simulated)", Role.SUPERVISOR),
    ]
    started, made, turns = time.monotonic(), 0, 0
    while not seconds or time.monotonic() - started < seconds:
        turns += 1
        verb = random.choices(VERBS, WEIGHTS)[0]
        try:
            await _change(desk, verb, agent, random.choice(workers))
            made += 1
        except Refusal:
            # Somebody real was faster, which is what the desk is for; or the database is away.
            log.debug("a simulated change was refused", exc_info=True)
        await asyncio.sleep(max(0.0, started + turns / rate - time.monotonic()))
    return made


async def _change(desk: Desk, verb: str, agent: Viewer, worker: Viewer) -> None:
    view = View.WAITING if verb in ("claim", "say") else View.MINE
    async with desk.database.reading() as session:
        found = await case_lists.page(
            session, EVERYTHING, QUEUE, QueueFilter(view=view), worker.person_id, 50
        )
    if verb == "escalate" or not found:
        conversation = random.choice(recorded())
        urgency = random.choices(list(Urgency), (4, 4, 2, 1))[0]
        new = await conversation.escalated(QUEUE, urgency, f"simulated-{uuid4().hex[:12]}")
        await intake.escalate(desk, agent, new)
        return
    case = random.choice(found)
    assert case.id is not None
    match verb:
        case "claim":
            await escalations.claim(desk, worker, case.id)
        case "release":
            await escalations.release(desk, worker, case.id, "Somebody else knows this better.")
        case "complete":
            await escalations.complete(
                desk, worker, case.id, "The customer was upset.", "Settled it on the phone.", ""
            )
        case _:
            said = "Hello? Is anybody there?"
            await conversations.add_message(desk, agent, case.conversation_id, Speaker.USER, said)


async def _person(desk: Desk, username: str, name: str, role: Role) -> Viewer:
    async with desk.database.reading() as session:
        person = await people_queries.by_username(session, username)
    person = person or await people.create_person(
        desk, username, name, role, scope=EVERYTHING, is_demo=True
    )
    return await people.as_viewer(desk, person)
