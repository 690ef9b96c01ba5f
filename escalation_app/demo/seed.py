"""People, keys and about forty cases in all statuses, urgencies, topics and areas."""

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from escalation_app.db import configurations, conversations
from escalation_app.db import people as people_queries
from escalation_app.demo import angry_customer
from escalation_app.demo.configuration import OMARS_SCOPE, demo_bundle
from escalation_app.demo.library import Recorded, recorded
from escalation_app.domain.configuration import ResponseTargets
from escalation_app.domain.people import COMMAND_LINE, Viewer
from escalation_app.domain.vocabulary import Queue, Role, Urgency
from escalation_app.services import api_keys, escalations, intake, overdue, people, settings
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation, NewMessage

HANDED_OVER = "My shift is over, and the customer still waits for an answer."

PASSWORD = "demo"
TARGETS = ResponseTargets()
URGENCIES = (Urgency.MEDIUM, Urgency.HIGH, Urgency.LOW, Urgency.CRITICAL, Urgency.MEDIUM)


async def seed(desk: Desk) -> None:
    """Whatever of the demo is not there yet: seeding again changes nothing, and one cut off goes on."""
    await _people(desk)
    async with desk.database.reading() as session:
        was_published = (await configurations.newest(session)).number > 0
        known = await conversations.external_ids(session, "demo-%")
    if not was_published:
        await _configure(desk)
    await _cases(desk, known)


async def _people(desk: Desk) -> None:
    await _person(desk, "maria", "Maria", Role.SUPERVISOR)
    await _person(desk, "omar", "Omar", Role.SUPERVISOR)
    await _person(desk, "lina", "Lina", Role.BUILDER)
    await _person(desk, "admin", "Admin", Role.ADMIN)
    await _person(desk, "agent", "AI agent", Role.AGENT)


async def _configure(desk: Desk) -> None:
    """The demo's settings, saved and published by the builder as anybody would."""
    lina = await _viewer(desk, "lina")
    before = await settings.read(desk, lina)
    revision = await settings.save(desk, lina, before.revision, demo_bundle(before.draft))
    await settings.publish(desk, lina, revision)


async def _cases(desk: Desk, known: Collection[str]) -> None:
    maria, omar = await _viewer(desk, "maria"), await _viewer(desk, "omar")
    agent = await _viewer(desk, "agent")
    chance = random.Random(20_417)
    for number, conversation in enumerate(recorded()[:44]):
        queue = Queue.PREVIEW if number % 5 == 4 else Queue.PUBLISHED
        urgency = URGENCIES[number % 3 if number % 7 else 3]
        # Some have time left to their target, some are near it, some are over.
        age = TARGETS.of(urgency) * chance.uniform(0.1, 1.3)
        if external_id(conversation) not in known:
            await _case(desk, agent, maria, omar, conversation, queue, urgency, age, number)
    for queue in Queue:
        if angry(queue).external_id not in known:
            await intake.escalate(desk, agent, angry(queue))


def angry(queue: Queue) -> NewEscalation:
    """The case of the walk-through."""
    return NewEscalation(
        queue=queue,
        urgency=Urgency.CRITICAL,
        topic="Billing",
        area="Payment",
        reason=angry_customer.REASON,
        trigger=angry_customer.TRIGGER,
        external_id=f"{angry_customer.EXTERNAL_ID}-{queue.value}",
        profile=dict(angry_customer.PROFILE),
        messages=tuple(NewMessage(speaker, text) for speaker, text in angry_customer.SCRIPT),
    )


def welcome(address: str) -> str:
    return (
        f"\n  The escalation desk: {address}\n\n"
        "  Sign in with the password “demo” as\n"
        "    maria   supervisor, all topics and areas\n"
        "    omar    supervisor, Billing and Refund in Payment\n"
        "    lina    builder (QA): settings, test conversation, reads the queues\n"
        "    admin   everything\n\n"
        "  Ctrl-C stops it.\n"
    )


def external_id(conversation: Recorded) -> str:
    return f"demo-{conversation.id}"


async def _person(desk: Desk, username: str, name: str, role: Role) -> None:
    async with desk.database.reading() as session:
        if await people_queries.by_username(session, username) is not None:
            return
    password = None if role is Role.AGENT else PASSWORD
    await people.create_person(desk, username, name, role, password, is_demo=True)
    await api_keys.create(desk, COMMAND_LINE, username, "demo", secret=f"demo-{username}")


async def _viewer(desk: Desk, username: str) -> Viewer:
    async with desk.database.reading() as session:
        person = await people_queries.by_username(session, username)
    assert person is not None
    return await people.as_viewer(desk, person)


async def _case(
    desk: Desk,
    agent: Viewer,
    maria: Viewer,
    omar: Viewer,
    conversation: Recorded,
    queue: Queue,
    urgency: Urgency,
    age: timedelta,
    number: int,
) -> None:
    def ago(part: float) -> Desk:
        """The desk as it was after this part of the case's age."""
        at = desk.clock() - age * (1 - part)
        return replace(desk, clock=lambda: at)

    new = await conversation.escalated(queue, urgency, external_id(conversation))
    new = replace(new, messages=_timed(new.messages, ago(0).clock() - timedelta(minutes=9)))
    case = await intake.escalate(ago(0), agent, new)
    assert case.id is not None
    worker = omar if OMARS_SCOPE.covers(case.topic, case.area) and number % 2 else maria
    if number % 4 in (1, 3):
        await escalations.claim(ago(0.3), worker, case.id)
    if number % 12 == 7:
        await escalations.release(ago(0.5), worker, case.id, HANDED_OVER)
    elif number % 4 == 3:
        await escalations.complete(
            ago(0.8),
            worker,
            case.id,
            f"The agent had asked for help with {conversation.told}",
            "Called the customer back and settled it together.",
            "None needed." if number % 8 == 3 else "Call again in a week.",
        )
    if case.due_at <= desk.clock():
        # As if the desk had run all the time: told at the moment, not when the demo begins.
        await overdue.tell_overdue(replace(desk, clock=lambda: case.due_at))


def _timed(messages: tuple[NewMessage, ...], start: datetime) -> tuple[NewMessage, ...]:
    return tuple(
        replace(message, sent_at=start + timedelta(seconds=25 * number))
        for number, message in enumerate(messages)
    )
