"""A conversation between an end user and the AI agent, and its numbered messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.vocabulary import Queue, Speaker


class Conversation(SQLModel, table=True):
    __tablename__ = "conversation"

    id: int | None = Field(default=None, primary_key=True)
    queue: Queue = Field(sa_column=Column(EnumText(Queue), nullable=False))
    external_id: str = Field(sa_column=Column(String(200), nullable=False, index=True))
    profile: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    message_count: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    def add(self, speaker: Speaker, text: str, sent_at: datetime) -> "Message":
        """Number the next message from 1 on, in the order of arrival."""
        assert self.id is not None
        self.message_count += 1
        return Message(
            conversation_id=self.id,
            number=self.message_count,
            speaker=speaker,
            text=text,
            sent_at=sent_at,
        )


class Message(SQLModel, table=True):
    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(
        sa_column=Column(Integer, ForeignKey("conversation.id"), nullable=False)
    )
    number: int = Field(sa_column=Column(Integer, nullable=False))
    speaker: Speaker = Field(sa_column=Column(EnumText(Speaker), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    sent_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
