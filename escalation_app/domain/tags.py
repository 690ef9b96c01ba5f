"""The topics and areas that a queue knows: what its filters offer."""

from enum import StrEnum

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText
from escalation_app.domain.vocabulary import Queue


class TagKind(StrEnum):
    TOPIC = "topic"
    AREA = "area"


class QueueTag(SQLModel, table=True):
    __tablename__ = "queue_tag"

    queue: Queue = Field(sa_column=Column(EnumText(Queue), primary_key=True))
    kind: TagKind = Field(sa_column=Column(EnumText(TagKind), primary_key=True))
    name: str = Field(sa_column=Column(String(120), primary_key=True))
