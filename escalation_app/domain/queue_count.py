"""How many cases there are of each kind: kept by the database itself, within each change."""

from sqlalchemy import Column, Integer, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UrgencyRank
from escalation_app.domain.vocabulary import Queue, Status, Urgency


class QueueCount(SQLModel, table=True):
    """A part of the count of one cell; the sum of a cell's shards is how many cases it has.

    Only triggers write here. Transactions that run at the same time write to shards of their own,
    so none waits for another; a shard alone may be negative.
    """

    __tablename__ = "queue_count"
    # Room beside each row, so that counting on does not touch the index.
    __table_args__ = ({"postgresql_with": {"fillfactor": 50}},)

    queue: Queue = Field(sa_column=Column(EnumText(Queue), primary_key=True))
    status: Status = Field(sa_column=Column(EnumText(Status), primary_key=True))
    topic: str = Field(sa_column=Column(String(120), primary_key=True))
    area: str = Field(sa_column=Column(String(120), primary_key=True))
    urgency: Urgency = Field(sa_column=Column(UrgencyRank, primary_key=True, autoincrement=False))
    shard: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    n: int = Field(sa_column=Column(Integer, nullable=False))
