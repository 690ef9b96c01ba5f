"""The whole of one case as one person sees it, as a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import conversations, escalations, summaries, timeline
from escalation_app.domain.conversation import Message
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.languages import own_name
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchCase
from escalation_app.domain.snapshots import (
    CaseFacts,
    CaseSnapshot,
    MessageRow,
    ProfileField,
    SentenceRow,
    SummaryFacts,
    TimelineRow,
    iso,
)
from escalation_app.domain.summary import Summary, SummarySentence, SummarySource
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Role, Status, TimelineKind
from escalation_app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that belongs to one case."""

    escalation: Escalation
    messages: Sequence[Message]
    timeline: Sequence[TimelineEntry]
    summary: Summary | None

    @property
    def summary_is_stale(self) -> bool:
        """Whether something was said since it was made."""
        return self.summary is not None and len(self.messages) > self.summary.message_count


async def case(
    session: AsyncSession, viewer: Viewer, queue: Queue, escalation_id: int
) -> CaseSnapshot | None:
    """The whole case, or None when there is none that this person may see in this queue."""
    file = await _file(session, viewer, escalation_id)
    if file is None or file.escalation.queue is not queue:
        return None
    return CaseSnapshot(
        facts=_facts(file.escalation, viewer, _last_release(file.timeline)),
        summary=_summary(file),
        profile=profile_fields(file.escalation.profile),
        messages=[message_row(message) for message in file.messages],
        timeline=[_entry(entry) for entry in file.timeline],
    )


async def case_file(desk: Desk, by: Viewer, escalation_id: int) -> CaseFile:
    """The whole case in either queue.

    Raises:
        NotPermitted, NoSuchCase
    """
    by.must(Permission.VIEW_QUEUE)
    async with desk.database.reading() as session:
        file = await _file(session, by, escalation_id)
    if file is None:
        raise NoSuchCase
    return file


async def _file(session: AsyncSession, viewer: Viewer, escalation_id: int) -> CaseFile | None:
    escalation = await escalations.find(session, viewer.scopes, escalation_id)
    if escalation is None:
        return None
    return CaseFile(
        escalation,
        await conversations.messages(session, escalation.conversation_id),
        await timeline.of_case(session, escalation_id),
        await summaries.newest(session, escalation_id),
    )


def _facts(escalation: Escalation, viewer: Viewer, release: TimelineEntry | None) -> CaseFacts:
    assert escalation.id is not None
    is_mine = escalation.claimed_by_id == viewer.person_id
    in_progress = escalation.status is Status.IN_PROGRESS
    return CaseFacts(
        id=escalation.id,
        conversation_id=escalation.conversation_id,
        queue=escalation.queue.value,
        status=escalation.status.value,
        urgency=escalation.urgency.value,
        topic=escalation.topic,
        area=escalation.area,
        reason=escalation.reason,
        trigger=escalation.trigger,
        detector=escalation.detector.value if escalation.detector else "",
        about=escalation.profile_name,
        owner=escalation.claimed_by or "",
        claimed_at=iso(escalation.claimed_at),
        created_at=iso(escalation.created_at),
        due_at=iso(escalation.due_at),
        completed_by=escalation.completed_by or "",
        completed_at=iso(escalation.completed_at),
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
        may_summarize=viewer.may(Permission.SUMMARIZE),
        became=_became(escalation, release, is_mine=is_mine),
        became_at=iso(
            escalation.completed_at or escalation.claimed_at or (release.at if release else None)
        ),
        handed_over_by=release.actor if release else "",
        handed_over_note=str(release.data.get("note") or "") if release else "",
        handed_over_at=iso(release.at) if release else "",
        why_not=_why_not(escalation, viewer),
    )


def _became(escalation: Escalation, release: TimelineEntry | None, *, is_mine: bool) -> str:
    match escalation.status:
        case Status.PENDING:
            return f"Released by {release.actor}" if release else ""
        case Status.IN_PROGRESS:
            return "Claimed by you" if is_mine else f"Claimed by {escalation.claimed_by}"
        case Status.COMPLETED:
            return f"Completed by {escalation.completed_by}"


def _why_not(escalation: Escalation, viewer: Viewer) -> str:
    """Why there is nothing to click, for whoever only reads."""
    if escalation.status is Status.COMPLETED or viewer.may(Permission.CLAIM):
        return ""
    return f"Read only: supervisors work on cases, and your role is {viewer.role.value}."


def _last_release(happened: Sequence[TimelineEntry]) -> TimelineEntry | None:
    """Who gave the case back last, with the note for whoever takes it."""
    releases = [entry for entry in happened if entry.kind is TimelineKind.RELEASED]
    return releases[-1] if releases else None


def _summary(file: CaseFile) -> SummaryFacts:
    summary = file.summary
    if summary is None:
        return SummaryFacts()
    # An extract is in the conversation's own words, each sentence of one message.
    quotes = summary.source is SummarySource.EXTRACT
    speakers = {said.number: said.speaker.value for said in file.messages} if quotes else {}
    return SummaryFacts(
        source=summary.source.value,
        language=own_name(summary.language),
        language_code=summary.language,
        sentences=[
            SentenceRow(one.text, list(one.cites), one.doubt, _speaker(one, speakers))
            for one in summary.sentences
        ],
        made_by=summary.made_by,
        made_at=iso(summary.made_at),
        stale=file.summary_is_stale,
    )


def _speaker(sentence: SummarySentence, speakers: dict[int, str]) -> str:
    return speakers.get(sentence.cites[0], "") if sentence.cites else ""


def profile_fields(profile: dict[str, Any]) -> list[ProfileField]:
    """A profile as a person reads it."""
    return [
        ProfileField(str(name).replace("_", " "), _plain(value)) for name, value in profile.items()
    ]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{str(key).replace('_', ' ')}: {_plain(v)}" for key, v in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    return "" if value is None else str(value)


def message_row(message: Message) -> MessageRow:
    """A message as browsers get it."""
    return MessageRow(message.number, message.speaker.value, message.text, iso(message.sent_at))


def _entry(entry: TimelineEntry) -> TimelineRow:
    assert entry.id is not None
    return TimelineRow(
        id=entry.id,
        kind=entry.kind.value,
        sentence=sentence(entry),
        note=str(entry.data.get("note") or ""),
        actor=entry.actor,
        at=iso(entry.at),
    )


def sentence(entry: TimelineEntry) -> str:
    """What happened, as a person reads it."""
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
            made = "extracted" if entry.data.get("source") == "extract" else "generated"
            return f"Summary {made} by {who}"
        case TimelineKind.MESSAGE_ADDED:
            return f"Message {entry.data.get('number')} added"
        case TimelineKind.OVERDUE:
            if entry.data.get("status") == Status.IN_PROGRESS:
                return "Past its response target while in progress"
            return "Past its response target while pending"
