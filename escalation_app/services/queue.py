"""What a person sees of a queue, as snapshots."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations, conversations, escalations, tags, timeline
from escalation_app.domain.conversation import Message
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Permission, Scope, Viewer
from escalation_app.domain.snapshots import (
    REASON_PREVIEW,
    CaseFacts,
    CaseSnapshot,
    MessageRow,
    ProfileField,
    QueueRow,
    TimelineRow,
)
from escalation_app.domain.tags import TagKind
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Role, Status, TimelineKind
from escalation_app.services.desk import Desk

PAGE = 50
MOST_ROWS = 500


async def rows(
    session: AsyncSession,
    scope: Scope,
    queue: Queue,
    chosen: QueueFilter,
    person_id: int,
    limit: int,
) -> tuple[list[QueueRow], bool]:
    """The first rows of a view, and whether there are more."""
    found = await escalations.page(session, scope, queue, chosen, person_id, limit + 1)
    return [row(escalation) for escalation in found[:limit]], len(found) > limit


async def case(
    session: AsyncSession, viewer: Viewer, queue: Queue, escalation_id: int
) -> CaseSnapshot | None:
    """The whole case, or None when there is none that this person may see in this queue."""
    escalation = await escalations.find(session, viewer.scopes, escalation_id)
    if escalation is None or escalation.queue is not queue:
        return None
    said = await conversations.messages(session, escalation.conversation_id)
    happened = await timeline.of_case(session, escalation_id)
    return CaseSnapshot(
        facts=_facts(escalation, viewer),
        profile=_profile(escalation.profile),
        messages=[_message(message) for message in said],
        timeline=[_entry(entry) for entry in happened],
    )


async def filter_options(
    session: AsyncSession, scope: Scope, queue: Queue
) -> tuple[frozenset[str], frozenset[str]]:
    """The topics and areas that the filters may offer to somebody of this scope.

    To who sees all: what the settings list, and what cases brought without being listed.
    """
    configuration = await configurations.of_queue(session, queue)
    topics = frozenset(configuration.topics) | await tags.known(session, queue, TagKind.TOPIC)
    areas = frozenset(configuration.areas) | await tags.known(session, queue, TagKind.AREA)
    return (
        topics if scope.topics is None else scope.topics,
        areas if scope.areas is None else scope.areas,
    )


def row(escalation: Escalation) -> QueueRow:
    assert escalation.id is not None
    return QueueRow(
        id=escalation.id,
        status=escalation.status.value,
        urgency=escalation.urgency.value,
        topic=escalation.topic,
        area=escalation.area,
        reason=escalation.reason[:REASON_PREVIEW],
        about=escalation.profile_name,
        owner=escalation.claimed_by or "",
        created_at=_iso(escalation.created_at),
        changed_at=_iso(escalation.updated_at),
        version=escalation.version,
    )


def _facts(escalation: Escalation, viewer: Viewer) -> CaseFacts:
    assert escalation.id is not None
    is_mine = escalation.claimed_by_id == viewer.person_id
    in_progress = escalation.status is Status.IN_PROGRESS
    return CaseFacts(
        id=escalation.id,
        queue=escalation.queue.value,
        status=escalation.status.value,
        urgency=escalation.urgency.value,
        topic=escalation.topic,
        area=escalation.area,
        reason=escalation.reason,
        trigger=escalation.trigger,
        about=escalation.profile_name,
        owner=escalation.claimed_by or "",
        claimed_at=_iso(escalation.claimed_at),
        created_at=_iso(escalation.created_at),
        completed_by=escalation.completed_by or "",
        completed_at=_iso(escalation.completed_at),
        what_happened=escalation.what_happened,
        action_taken=escalation.action_taken,
        follow_up=escalation.follow_up,
        version=escalation.version,
        is_mine=is_mine,
        may_claim=escalation.status is Status.PENDING and viewer.may(Permission.CLAIM),
        may_release=in_progress
        and viewer.may(Permission.RELEASE)
        and (is_mine or viewer.role is Role.ADMIN),
        may_complete=in_progress and is_mine and viewer.may(Permission.COMPLETE),
        became=_became(escalation, is_mine=is_mine),
    )


def _became(escalation: Escalation, *, is_mine: bool) -> str:
    match escalation.status:
        case Status.PENDING:
            return ""
        case Status.IN_PROGRESS:
            return "Claimed by you" if is_mine else f"Claimed by {escalation.claimed_by}"
        case Status.COMPLETED:
            return f"Completed by {escalation.completed_by}"


def _profile(profile: dict[str, Any]) -> list[ProfileField]:
    return [
        ProfileField(str(name).replace("_", " "), _plain(value)) for name, value in profile.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{str(key).replace('_', ' ')}: {_plain(v)}" for key, v in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    return "" if value is None else str(value)


def _message(message: Message) -> MessageRow:
    return MessageRow(message.number, message.speaker.value, message.text, _iso(message.sent_at))


def _entry(entry: TimelineEntry) -> TimelineRow:
    assert entry.id is not None
    return TimelineRow(
        id=entry.id,
        kind=entry.kind.value,
        sentence=_sentence(entry),
        note=str(entry.data.get("note") or ""),
        actor=entry.actor,
        at=_iso(entry.at),
    )


def _sentence(entry: TimelineEntry) -> str:
    who = entry.actor
    match entry.kind:
        case TimelineKind.ESCALATED:
            return f"Escalated by {who}: {entry.data.get('trigger', '')}"
        case TimelineKind.CLAIMED:
            return f"Claimed by {who}"
        case TimelineKind.CLAIM_REFUSED:
            return f"{who} came second: it was {entry.data.get('owner')}'s"
        case TimelineKind.RELEASED:
            return f"Released by {who}"
        case TimelineKind.COMPLETED:
            return f"Completed by {who}"
        case TimelineKind.SUMMARIZED:
            return f"Summarized by {who}"
        case TimelineKind.MESSAGE_ADDED:
            return f"Message {entry.data.get('number')} added"
        case TimelineKind.OVERDUE:
            return "Passed its response target"


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def is_answering(desk: Desk) -> None:
    """Raises DeskUnavailable when the database does not answer."""
    async with desk.database.reading() as session:
        await timeline.head(session)
