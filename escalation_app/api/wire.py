"""What the desk answers. Times are RFC 3339 in UTC."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from escalation_app.domain import conversation as talk
from escalation_app.domain import escalation as cases
from escalation_app.domain.summary import Summary as StoredSummary
from escalation_app.domain.summary import SummarySource
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Speaker, Status, TimelineKind, Urgency
from escalation_app.services.cases import CaseFile, sentence


class Resolution(BaseModel):
    what_happened: str
    action_taken: str
    follow_up: str


class Escalation(BaseModel):
    id: int
    queue: Queue
    status: Status
    urgency: Urgency
    topic: str
    area: str
    reason: str
    trigger: str
    version: int = Field(description="Grows with every change.")
    claimed_by: str | None = Field(description="The name of who has it.")
    claimed_at: datetime | None
    completed_by: str | None
    completed_at: datetime | None
    resolution: Resolution | None
    due_at: datetime = Field(description="By when it should have been answered.")
    created_at: datetime
    updated_at: datetime
    conversation_id: int

    @classmethod
    def of(cls, case: cases.Escalation) -> "Escalation":
        return cls(**members(case))


def members(case: cases.Escalation) -> dict[str, Any]:
    """The fields of an escalation as the wire names them."""
    own = {name: getattr(case, name) for name in Escalation.model_fields if name != "resolution"}
    told = case.resolution
    resolution = told and Resolution(
        what_happened=told.what_happened,
        action_taken=told.action_taken,
        follow_up=told.follow_up,
    )
    return {**own, "resolution": resolution}


class Conversation(BaseModel):
    id: int
    queue: Queue
    external_id: str
    profile: dict[str, Any]
    created_at: datetime

    @classmethod
    def of(cls, stored: talk.Conversation) -> "Conversation":
        return cls(**{name: getattr(stored, name) for name in cls.model_fields})


class Message(BaseModel):
    number: int = Field(description="From 1 on, in the order of arrival.")
    role: Speaker
    text: str
    sent_at: datetime

    @classmethod
    def of(cls, stored: talk.Message) -> "Message":
        return cls(
            number=stored.number, role=stored.speaker, text=stored.text, sent_at=stored.sent_at
        )


class TimelineItem(BaseModel):
    id: int
    kind: TimelineKind
    actor: str
    at: datetime
    sentence: str = Field(description="What happened, for a person.")
    note: str | None = Field(description="What who released the case wrote.")

    @classmethod
    def of(cls, entry: TimelineEntry) -> "TimelineItem":
        assert entry.id is not None
        return cls(
            id=entry.id,
            kind=entry.kind,
            actor=entry.actor,
            at=entry.at,
            sentence=sentence(entry),
            note=entry.data.get("note") or None,
        )


class Sentence(BaseModel):
    text: str
    cites: list[int] = Field(description="The numbers of the messages that it comes from.")
    doubt: str | None = Field(description="Why it could not be verified; null when it was.")


class Summary(BaseModel):
    language: str = Field(
        description="A code such as `en`; `und` for an extract in another one than the settings'."
    )
    source: SummarySource
    sentences: list[Sentence]
    stale: bool = Field(description="Whether something was said since it was made.")

    @classmethod
    def of(cls, stored: StoredSummary, *, stale: bool) -> "Summary":
        return cls(
            language=stored.language,
            source=stored.source,
            sentences=[
                Sentence(text=one.text, cites=list(one.cites), doubt=one.doubt or None)
                for one in stored.sentences
            ],
            stale=stale,
        )


class EscalationDetail(Escalation):
    messages: list[Message]
    profile: dict[str, Any]
    timeline: list[TimelineItem]
    summary: Summary | None = Field(description="The newest one.")

    @classmethod
    def of_file(cls, file: CaseFile) -> "EscalationDetail":
        made = file.summary
        return cls(
            **members(file.escalation),
            messages=[Message.of(message) for message in file.messages],
            profile=file.escalation.profile,
            timeline=[TimelineItem.of(entry) for entry in file.timeline],
            summary=Summary.of(made, stale=file.summary_is_stale) if made else None,
        )


class EscalationPage(BaseModel):
    items: list[Escalation]
    next_cursor: str | None = Field(description="Ask with it for the next page; null: no more.")


class Heard(BaseModel):
    message: Message
    escalation: Escalation | None = Field(
        description="The case that this message triggered or belongs to."
    )
    reply: str | None = Field(description="What to tell the end user, when one was triggered.")
