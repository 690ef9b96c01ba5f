"""The timeline: what people read as history, what the bus announces, what webhooks deliver."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.vocabulary import Queue, TimelineKind

# Who acts when nobody does: what becomes true by time alone has no person.
THE_DESK = "The desk"


class TimelineEntry(SQLModel, table=True):
    """One fact about one escalation, written in the transaction that made it true."""

    __tablename__ = "timeline_entry"
    __table_args__ = (Index("ix_timeline_entry_case", "escalation_id", "id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
        ),
    )
    escalation_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("escalation.id"), nullable=False)
    )
    queue: Queue = Field(sa_column=Column(EnumText(Queue), nullable=False))
    kind: TimelineKind = Field(sa_column=Column(EnumText(TimelineKind), nullable=False))
    actor: str = Field(sa_column=Column(String(120), nullable=False))
    actor_id: int | None = Field(default=None, sa_column=Column(Integer))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # Which of its case's entries it is, from 1 on, and how it is chained to the one before.
    position: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    previous_seal: str = Field(
        default="", sa_column=Column(String(64), nullable=False, server_default="")
    )
    seal: str = Field(default="", sa_column=Column(String(64), nullable=False, server_default=""))
