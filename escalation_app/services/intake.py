"""How a conversation becomes a case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from escalation_app.db import configurations, conversations, escalations, tags
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.detection import Detector
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import AlreadyEscalated
from escalation_app.domain.tags import TagKind
from escalation_app.domain.text import required, storable, storable_profile, tag
from escalation_app.domain.vocabulary import Queue, Speaker, Status, Urgency
from escalation_app.services.desk import Change, Desk


@dataclass(frozen=True, slots=True)
class NewMessage:
    speaker: Speaker
    text: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewEscalation:
    """A conversation and its case in one, as an agent's program sends them."""

    queue: Queue
    urgency: Urgency
    topic: str
    area: str
    reason: str
    trigger: str
    external_id: str
    profile: dict[str, Any] = field(default_factory=dict)
    messages: tuple[NewMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a conversation is escalated, and as what; `came_of` says by which `message`, if by one."""

    urgency: Urgency
    topic: str
    area: str
    reason: str
    trigger: str
    detector: Detector | None = None
    came_of: dict[str, int] = field(default_factory=dict)


async def escalate(desk: Desk, by: Viewer, new: NewEscalation) -> Escalation:
    """Store the conversation, or what is new of one that is known, and open its case.

    Raises:
        NotPermitted, InvalidInput
        AlreadyEscalated: A conversation of this external id has an open case in this queue.
    """
    by.must(Permission.ESCALATE)
    async with desk.changing() as change:
        return await escalate_within(desk, change, by, new)


async def escalate_within(desk: Desk, change: Change, by: Viewer, new: NewEscalation) -> Escalation:
    """The same within a transaction that is under way."""
    now = desk.clock()
    conversation = await begin(change, new.queue, new.external_id, new.profile, now)
    case_id = await escalations.open_case_named(change.session, new.queue, conversation.external_id)
    if case_id is not None:
        raise AlreadyEscalated(case_id)
    for message in await _unheard(change, conversation, new.messages):
        text = storable(message.text, "text")
        change.session.add(conversation.add(message.speaker, text, message.sent_at or now))
    grounds = Grounds(new.urgency, new.topic, new.area, new.reason, new.trigger)
    return await open_case(change, by, conversation, grounds, now)


async def _unheard(
    change: Change, conversation: Conversation, messages: Sequence[NewMessage]
) -> list[NewMessage]:
    """Those that the conversation has not got yet: it is sent whole, and may be known in part."""
    assert conversation.id is not None
    known = await conversations.messages(change.session, conversation.id)
    before = iter([(message.speaker, message.text) for message in known])
    unheard = list(messages)
    while unheard and (unheard[0].speaker, unheard[0].text) in before:
        unheard.pop(0)
    return unheard


async def begin(
    change: Change, queue: Queue, external_id: str, profile: dict[str, Any], now: datetime
) -> Conversation:
    """The conversation of this external id, new or as it stands; it is held. Raises InvalidInput."""
    external_id = required(external_id, "external_id", limit=200)
    profile = storable_profile(profile)
    await conversations.hold_external_id(change.session, queue, external_id)
    conversation = await conversations.lock_named(change.session, queue, external_id)
    if conversation is None:
        conversation = Conversation(
            queue=queue, external_id=external_id, profile=profile, created_at=now
        )
        change.session.add(conversation)
        await change.session.flush()
    elif profile:
        conversation.profile = profile
    return conversation


async def open_case(
    change: Change, by: Viewer, conversation: Conversation, grounds: Grounds, now: datetime
) -> Escalation:
    """Escalate a stored conversation within a transaction that is under way. Raises InvalidInput."""
    queue = conversation.queue
    topic = tag(grounds.topic, "topic")
    area = tag(grounds.area, "area")
    await tags.remember(change.session, queue, TagKind.TOPIC, topic)
    await tags.remember(change.session, queue, TagKind.AREA, area)
    configuration = await configurations.of_queue(change.session, queue)
    assert conversation.id is not None
    escalation = Escalation(
        queue=queue,
        status=Status.PENDING,
        urgency=grounds.urgency,
        topic=topic,
        area=area,
        reason=required(grounds.reason, "reason", limit=100_000),
        trigger=required(grounds.trigger, "trigger", limit=200),
        detector=grounds.detector,
        conversation_id=conversation.id,
        profile=conversation.profile,
        profile_name=str(conversation.profile.get("name") or "Unknown")[:200],
        due_at=now + configuration.targets.of(grounds.urgency),
        created_at=now,
        updated_at=now,
    )
    change.session.add(escalation)
    await change.session.flush()
    await change.record(escalation.escalate(by, **grounds.came_of))
    return escalation
