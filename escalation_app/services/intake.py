"""How a conversation becomes a case."""

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
    """Why a conversation is escalated, and as what."""

    urgency: Urgency
    topic: str
    area: str
    reason: str
    trigger: str
    detector: Detector | None = None


async def escalate(desk: Desk, by: Viewer, new: NewEscalation) -> Escalation:
    """Store the conversation and open its case.

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
    await _must_not_be_open(change, new)
    conversation = await store(change, new.queue, new.external_id, new.profile, now)
    for message in new.messages:
        text = storable(message.text, "text")
        change.session.add(conversation.add(message.speaker, text, message.sent_at or now))
    grounds = Grounds(new.urgency, new.topic, new.area, new.reason, new.trigger)
    return await open_case(change, by, conversation, grounds, now)


async def _must_not_be_open(change: Change, new: NewEscalation) -> None:
    external_id = required(new.external_id, "external_id", limit=200)
    await conversations.hold_external_id(change.session, new.queue, external_id)
    case_id = await escalations.open_case_named(change.session, new.queue, external_id)
    if case_id is not None:
        raise AlreadyEscalated(case_id)


async def store(
    change: Change, queue: Queue, external_id: str, profile: dict[str, Any], now: datetime
) -> Conversation:
    """A new conversation without messages. Raises InvalidInput."""
    conversation = Conversation(
        queue=queue,
        external_id=required(external_id, "external_id", limit=200),
        profile=storable_profile(profile),
        created_at=now,
    )
    change.session.add(conversation)
    await change.session.flush()
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
    await change.record(escalation.escalate(by))
    return escalation
