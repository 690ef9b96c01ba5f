"""The verbs as use cases: each one is one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm.exc import StaleDataError

from escalation_app.db import configurations, escalations, tags, timeline
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.escalation import Escalation, Resolution
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import AlreadyClaimed, NoSuchCase
from escalation_app.domain.tags import TagKind
from escalation_app.domain.text import NAME_LIMIT, optional, required, storable
from escalation_app.domain.vocabulary import Queue, Speaker, Status, TimelineKind, Urgency
from escalation_app.services.desk import Change, Desk

TRIES = 3


@dataclass(frozen=True, slots=True)
class NewMessage:
    speaker: Speaker
    text: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewEscalation:
    queue: Queue
    urgency: Urgency
    topic: str
    area: str
    reason: str
    trigger: str
    external_id: str
    profile: dict[str, Any] = field(default_factory=dict)
    messages: tuple[NewMessage, ...] = ()


async def escalate(desk: Desk, by: Viewer, new: NewEscalation) -> Escalation:
    """Store the conversation and open its case.

    Raises:
        NotPermitted, InvalidInput
    """
    by.must(Permission.ESCALATE)
    now = desk.clock()
    topic = required(new.topic, "topic", limit=NAME_LIMIT)
    area = required(new.area, "area", limit=NAME_LIMIT)
    async with desk.changing() as change:
        conversation = Conversation(
            queue=new.queue,
            external_id=required(new.external_id, "external_id", limit=200),
            profile=new.profile,
            created_at=now,
        )
        change.session.add(conversation)
        await change.session.flush()
        for message in new.messages:
            text = storable(message.text, "text")
            change.session.add(conversation.add(message.speaker, text, message.sent_at or now))
        await tags.remember(change.session, new.queue, TagKind.TOPIC, topic)
        await tags.remember(change.session, new.queue, TagKind.AREA, area)
        configuration = await configurations.of_queue(change.session, new.queue)
        assert conversation.id is not None
        escalation = Escalation(
            queue=new.queue,
            status=Status.PENDING,
            urgency=new.urgency,
            topic=topic,
            area=area,
            reason=required(new.reason, "reason", limit=100_000),
            trigger=required(new.trigger, "trigger", limit=200),
            conversation_id=conversation.id,
            profile=new.profile,
            profile_name=str(new.profile.get("name") or "Unknown")[:200],
            due_at=now + configuration.targets.of(new.urgency),
            created_at=now,
            updated_at=now,
        )
        change.session.add(escalation)
        await change.session.flush()
        await change.record(escalation.escalate(by))
    return escalation


async def claim(desk: Desk, by: Viewer, escalation_id: int) -> Escalation:
    """Take a case; exactly one of many contenders gets it.

    Raises:
        NotPermitted, NoSuchCase, AlreadyClaimed, AlreadyCompleted
    """
    by.must(Permission.CLAIM)

    async def take(change: Change, escalation: Escalation) -> None:
        await change.record(escalation.claim(by, desk.clock()))

    try:
        return await _on_case(desk, by, escalation_id, take)
    except AlreadyClaimed:
        await _record_refusal(desk, by, escalation_id)
        raise


async def release(desk: Desk, by: Viewer, escalation_id: int, note: str) -> Escalation:
    """Give a case back.

    Raises:
        NotPermitted, NoSuchCase, NotYours, InvalidInput
    """
    by.must(Permission.RELEASE)
    note = optional(note, "note")

    async def give_back(change: Change, escalation: Escalation) -> None:
        await change.record(escalation.release(by, note, desk.clock()))

    return await _on_case(desk, by, escalation_id, give_back)


async def complete(
    desk: Desk,
    by: Viewer,
    escalation_id: int,
    what_happened: str,
    action_taken: str,
    follow_up: str = "",
) -> Escalation:
    """Close a case with its resolution.

    Raises:
        NotPermitted, NoSuchCase, NotYours, AlreadyCompleted, InvalidInput
    """
    by.must(Permission.COMPLETE)
    resolution = Resolution(
        required(what_happened, "What happened"),
        required(action_taken, "What was done"),
        optional(follow_up, "Follow-up"),
    )

    async def close(change: Change, escalation: Escalation) -> None:
        await change.record(escalation.complete(by, resolution, desk.clock()))

    return await _on_case(desk, by, escalation_id, close)


async def _on_case(
    desk: Desk,
    by: Viewer,
    escalation_id: int,
    verb: Callable[[Change, Escalation], Awaitable[None]],
) -> Escalation:
    """Do the verb on the case as it is now. Zero updated rows: read who was first, then say so."""
    for attempt in range(TRIES):
        try:
            async with desk.changing() as change:
                escalation = await escalations.find(change.session, by.scopes, escalation_id)
                if escalation is None:
                    raise NoSuchCase
                await verb(change, escalation)
            return escalation
        except StaleDataError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


async def _record_refusal(desk: Desk, by: Viewer, escalation_id: int) -> None:
    """Once per person and claim: clicking again adds nothing to the history."""
    async with desk.changing() as change:
        escalation = await escalations.find(change.session, by.scopes, escalation_id)
        if escalation is None or escalation.status is not Status.IN_PROGRESS:
            return
        for entry in reversed(await timeline.of_case(change.session, escalation_id)):
            if entry.kind is TimelineKind.CLAIMED:
                break
            if entry.kind is TimelineKind.CLAIM_REFUSED and entry.actor_id == by.person_id:
                return
        await change.record(escalation.refuse(by, desk.clock()))
