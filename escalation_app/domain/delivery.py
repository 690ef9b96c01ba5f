"""A delivery: one fact on its way to one queue's endpoint. The row is its outbox and its log."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Text, text
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.domain.retries import PATIENCE, wait_after
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_event import EventType

# Longer than an attempt can take: 15 s of network and a slow database before and after it.
LEASE = timedelta(seconds=45)


class DeliveryStatus(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


_IS_WAITING = text("status = 'waiting'")


class Delivery(SQLModel, table=True):
    """While it is being sent `lease` names who sends it, and `next_attempt_at` lies where the lease
    ends: a process that dies says nothing, and another one tries then.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due",
            "queue",
            "next_attempt_at",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
        Index("ix_delivery_status", "status", "id"),
        Index("ix_delivery_age", "created_at"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
        ),
    )
    # What the receiver knows it by, the same in every attempt.
    message_id: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    queue: Queue = Field(sa_column=Column(EnumText(Queue), nullable=False))
    type: EventType = Field(sa_column=Column(EnumText(EventType, 40), nullable=False))
    # Neither is there for a test event.
    entry_id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer(), "sqlite"),
            ForeignKey("timeline_entry.id"),
            unique=True,
        ),
    )
    escalation_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("escalation.id"))
    )
    body: str = Field(repr=False, sa_column=Column(Text, nullable=False))
    status: DeliveryStatus = Field(sa_column=Column(EnumText(DeliveryStatus), nullable=False))
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    next_attempt_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    lease: str = Field(default="", sa_column=Column(String(32), nullable=False))
    attempted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answered: int | None = Field(default=None, sa_column=Column(Integer))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    first_line: str = Field(default="", sa_column=Column(Text, nullable=False))
    duration_ms: int | None = Field(default=None, sa_column=Column(Integer))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    @classmethod
    def of(cls, what: EventType, queue: Queue, body: str, now: datetime) -> "Delivery":
        """A new one, due at once."""
        return cls(
            message_id=f"msg_{secrets.token_hex(16)}",
            queue=queue,
            type=what,
            body=body,
            status=DeliveryStatus.WAITING,
            next_attempt_at=now,
            created_at=now,
        )

    def lease_until(self, end: datetime) -> str:
        """Take it to send it, and return the name to settle it with."""
        self.lease, self.next_attempt_at = secrets.token_hex(8), end
        return self.lease

    def settle(self, outcome: Outcome, now: datetime, chance: float) -> None:
        """Keep what came of an attempt: done, to be tried again, or given up."""
        self.attempts += 1
        self.lease, self.attempted_at = "", now
        self.answered, self.duration_ms = outcome.status, outcome.duration_ms
        self.reason, self.first_line = outcome.reason, outcome.first_line
        wait = wait_after(self.attempts, chance)
        if outcome.succeeded:
            self._end(DeliveryStatus.DELIVERED)
        elif wait is None:
            self._end(DeliveryStatus.FAILED)
        else:
            self.next_attempt_at = now + max(wait, patience(outcome))

    def send_again(self, now: datetime) -> None:
        """From the beginning of the schedule, as the same message; what waits goes on waiting."""
        if self.status is not DeliveryStatus.WAITING:
            self.status, self.attempts, self.reason = DeliveryStatus.WAITING, 0, ""
            self.next_attempt_at = now

    def set_right(self, now: datetime) -> None:
        """The clock was ahead and has been set back: it is due, whatever was to be waited for."""
        self.next_attempt_at, self.created_at = now, min(self.created_at, now)
        if self.attempted_at is not None:
            self.attempted_at = min(self.attempted_at, now)

    def _end(self, status: DeliveryStatus) -> None:
        self.status, self.next_attempt_at, self.lease = status, None, ""


def patience(outcome: Outcome) -> timedelta:
    """How long the receiver asks not to be called."""
    if outcome.retry_after is not None:
        return outcome.retry_after
    return PATIENCE if outcome.asks_to_slow_down else timedelta(0)
