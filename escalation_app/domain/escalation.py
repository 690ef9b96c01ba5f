"""The escalation and its verbs. Each verb guards, changes, and returns its fact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    String,
    Text,
)
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UrgencyRank, UtcDateTime
from escalation_app.domain.detection import Detector
from escalation_app.domain.escalation_table import CONSTRAINTS_AND_INDEXES
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import AlreadyClaimed, AlreadyCompleted, NotYours
from escalation_app.domain.summary import SummarySource
from escalation_app.domain.timeline import THE_DESK, TimelineEntry
from escalation_app.domain.vocabulary import Queue, Role, Status, TimelineKind, Urgency


@dataclass(frozen=True, slots=True)
class Resolution:
    what_happened: str
    action_taken: str
    follow_up: str = ""


_ENTRIES = Column("entries", Integer, nullable=False, server_default="0")


class Escalation(SQLModel, table=True):
    """A conversation handed to people. Nothing but its verbs sets `status`."""

    __tablename__ = "escalation"
    # Every UPDATE says `WHERE id = ? AND entries = ?`: zero rows means another hand was first.
    # A change is a fact, and each fact counts on.
    __mapper_args__ = {"version_id_col": _ENTRIES, "version_id_generator": False}
    __table_args__ = CONSTRAINTS_AND_INDEXES

    id: int | None = Field(default=None, primary_key=True)
    queue: Queue = Field(sa_column=Column(EnumText(Queue), nullable=False))
    status: Status = Field(sa_column=Column(EnumText(Status), nullable=False))
    urgency: Urgency = Field(sa_column=Column(UrgencyRank, nullable=False))
    topic: str = Field(sa_column=Column(String(120), nullable=False))
    area: str = Field(sa_column=Column(String(120), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    trigger: str = Field(sa_column=Column(String(200), nullable=False))
    # Who judged that the trigger is met; None when whoever escalated said so.
    detector: Detector | None = Field(default=None, sa_column=Column(EnumText(Detector)))
    conversation_id: int = Field(
        sa_column=Column(Integer, ForeignKey("conversation.id"), nullable=False)
    )
    profile: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    profile_name: str = Field(sa_column=Column(String(200), nullable=False))
    version: int = Field(default=1, sa_column=Column(Integer, nullable=False))
    # How many facts its timeline has, the seal of the last, and the seal of these two.
    entries: int = Field(default=0, sa_column=_ENTRIES)
    last_seal: str = Field(
        default="", sa_column=Column(String(64), nullable=False, server_default="")
    )
    head_seal: str = Field(
        default="", sa_column=Column(String(64), nullable=False, server_default="")
    )
    claimed_by_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("person.id"))
    )
    claimed_by: str | None = Field(default=None, sa_column=Column(String(120)))
    claimed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    completed_by_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("person.id"))
    )
    completed_by: str | None = Field(default=None, sa_column=Column(String(120)))
    completed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    what_happened: str = Field(default="", sa_column=Column(Text, nullable=False))
    action_taken: str = Field(default="", sa_column=Column(Text, nullable=False))
    follow_up: str = Field(default="", sa_column=Column(Text, nullable=False))
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # When it was told that the case is past its target in this status; it is told once.
    overdue_pending_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    overdue_in_progress_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    def escalate(self, by: Viewer, **came_of: int) -> TimelineEntry:
        """The first fact of a new case; `came_of` are the numbers of its `message` and `reply`."""
        told = {"trigger": self.trigger, "reason": self.reason, **came_of}
        return self._fact(TimelineKind.ESCALATED, by, self.created_at, **told)

    def claim(self, by: Viewer, now: datetime) -> TimelineEntry | None:
        """Take a pending case. The owner claiming again is no fact and no refusal.

        Raises:
            AlreadyClaimed: Somebody else has it.
            AlreadyCompleted: There is nothing left to do.
        """
        if self.status is Status.COMPLETED:
            raise AlreadyCompleted(self.completed_by or "somebody")
        if self.status is Status.IN_PROGRESS:
            if self.claimed_by_id == by.person_id:
                return None
            assert self.claimed_by is not None
            assert self.claimed_at is not None
            raise AlreadyClaimed(self.claimed_by, self.claimed_at, now)
        self.status = Status.IN_PROGRESS
        self.claimed_by_id, self.claimed_by, self.claimed_at = by.person_id, by.name, now
        self._change(now)
        return self._fact(TimelineKind.CLAIMED, by, now)

    def release(self, by: Viewer, note: str, now: datetime) -> TimelineEntry:
        """Give the case back to the queue.

        Raises:
            NotYours: It is claimed by nobody, or by another person and `by` is no admin.
        """
        if self.status is not Status.IN_PROGRESS:
            raise NotYours("This case is not claimed by anybody, so it can't be released.")
        if self.claimed_by_id != by.person_id and by.role is not Role.ADMIN:
            raise NotYours(f"This case is claimed by {self.claimed_by}; only they can release it.")
        self.status = Status.PENDING
        self.claimed_by_id = self.claimed_by = self.claimed_at = None
        self._change(now)
        return self._fact(TimelineKind.RELEASED, by, now, note=note)

    def complete(self, by: Viewer, resolution: Resolution, now: datetime) -> TimelineEntry | None:
        """Close the case with its resolution. The same resolution sent twice is one fact.

        Raises:
            NotYours: The case is not claimed by this person.
            AlreadyCompleted: It was completed with another resolution, or by somebody else.
        """
        if self.status is Status.COMPLETED:
            if self.completed_by_id == by.person_id and self.resolution == resolution:
                return None
            raise AlreadyCompleted(self.completed_by or "somebody")
        if self.status is not Status.IN_PROGRESS or self.claimed_by_id != by.person_id:
            owner = self.claimed_by or "nobody"
            raise NotYours(f"Only the owner can complete a case; this one is claimed by {owner}.")
        self.status = Status.COMPLETED
        self.completed_by_id, self.completed_by, self.completed_at = by.person_id, by.name, now
        self.what_happened = resolution.what_happened
        self.action_taken = resolution.action_taken
        self.follow_up = resolution.follow_up
        self._change(now)
        return self._fact(TimelineKind.COMPLETED, by, now)

    def overdue(self, now: datetime) -> TimelineEntry | None:
        """The case is open past its response target: a fact once in each status, by the desk."""
        if now < self.due_at:
            return None
        match self.status:
            case Status.PENDING if self.overdue_pending_at is None:
                self.overdue_pending_at = now
            case Status.IN_PROGRESS if self.overdue_in_progress_at is None:
                self.overdue_in_progress_at = now
            case Status.PENDING | Status.IN_PROGRESS | Status.COMPLETED:
                return None
        self._change(now)
        return self._fact(TimelineKind.OVERDUE, None, now, status=self.status.value)

    def hear(self, number: int, by: Viewer, now: datetime) -> TimelineEntry:
        """A message joined the conversation of this case, its newest. It may be completed."""
        self._change(now)
        return self._fact(TimelineKind.MESSAGE_ADDED, by, now, number=number)

    def refuse(self, by: Viewer, now: datetime) -> TimelineEntry:
        """Somebody came second: part of the history, though nothing changed."""
        return self._fact(TimelineKind.CLAIM_REFUSED, by, now, owner=self.claimed_by)

    def summarize(self, by: Viewer, source: SummarySource, now: datetime) -> TimelineEntry:
        """Somebody had the case summarized: part of the history, though nothing changed."""
        return self._fact(TimelineKind.SUMMARIZED, by, now, source=source.value)

    @property
    def resolution(self) -> Resolution | None:
        if self.status is not Status.COMPLETED:
            return None
        return Resolution(self.what_happened, self.action_taken, self.follow_up)

    def _change(self, now: datetime) -> None:
        self.updated_at = now
        self.version += 1

    def _fact(
        self, kind: TimelineKind, by: Viewer | None, at: datetime, **data: Any
    ) -> TimelineEntry:
        return TimelineEntry(
            escalation_id=self.id,
            queue=self.queue,
            kind=kind,
            actor=by.name if by else THE_DESK,
            actor_id=by.person_id if by else None,
            at=at,
            data=data,
        )
