"""What a webhook tells: its type, when, and the case as the API has it, in under 20 kB."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, TimelineKind

# Standard Webhooks 1.0.0 asks for thin payloads: under 20 kB.
BODY_LIMIT_BYTES = 20_000
CUT = "…"


class EventType(StrEnum):
    CREATED = "escalation.created"
    CLAIMED = "escalation.claimed"
    RELEASED = "escalation.released"
    COMPLETED = "escalation.completed"
    OVERDUE = "escalation.overdue"
    TEST = "webhook.test"


def event_type(kind: TimelineKind) -> EventType | None:
    """What webhooks call this fact; None for what only people read."""
    match kind:
        case TimelineKind.ESCALATED:
            return EventType.CREATED
        case TimelineKind.CLAIMED:
            return EventType.CLAIMED
        case TimelineKind.RELEASED:
            return EventType.RELEASED
        case TimelineKind.COMPLETED:
            return EventType.COMPLETED
        case TimelineKind.OVERDUE:
            return EventType.OVERDUE
        case TimelineKind.CLAIM_REFUSED | TimelineKind.SUMMARIZED | TimelineKind.MESSAGE_ADDED:
            return None


def body_of(what: EventType, entry: TimelineEntry, escalation: Escalation) -> str:
    """The body for a fact about a case. Its longest texts are cut until all of it fits."""
    case = as_json(escalation)
    longest = BODY_LIMIT_BYTES
    while True:
        body = _body(what, entry.at, entry.queue, entry.actor, _cut(case, longest))
        if len(body.encode()) < BODY_LIMIT_BYTES:
            return body
        longest //= 2


def body_of_test(queue: Queue, actor: str, now: datetime) -> str:
    return _body(EventType.TEST, now, queue, actor, None)


def as_json(escalation: Escalation) -> dict[str, Any]:
    """The escalation as the wire has it: the members that the API's documentation lists."""
    told = escalation.resolution
    return {
        "id": escalation.id,
        "queue": escalation.queue.value,
        "status": escalation.status.value,
        "urgency": escalation.urgency.value,
        "topic": escalation.topic,
        "area": escalation.area,
        "reason": escalation.reason,
        "trigger": escalation.trigger,
        "version": escalation.version,
        "claimed_by": escalation.claimed_by,
        "claimed_at": _time(escalation.claimed_at),
        "completed_by": escalation.completed_by,
        "completed_at": _time(escalation.completed_at),
        "resolution": told
        and {
            "what_happened": told.what_happened,
            "action_taken": told.action_taken,
            "follow_up": told.follow_up,
        },
        "due_at": _time(escalation.due_at),
        "created_at": _time(escalation.created_at),
        "updated_at": _time(escalation.updated_at),
        "conversation_id": escalation.conversation_id,
    }


def _body(
    what: EventType, at: datetime, queue: Queue, actor: str, case: dict[str, Any] | None
) -> str:
    data = {"escalation": case, "queue": queue.value, "actor": actor}
    return json.dumps(
        {"type": what.value, "timestamp": rfc3339(at), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _cut(value: Any, longest: int) -> Any:
    """The same with no text longer than so many bytes."""
    if isinstance(value, dict):
        return {name: _cut(one, longest) for name, one in value.items()}
    if not isinstance(value, str) or len(value.encode()) <= longest:
        return value
    return value.encode()[:longest].decode(errors="ignore") + CUT


def rfc3339(at: datetime) -> str:
    """As the API writes times."""
    return at.isoformat().replace("+00:00", "Z")


def _time(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
