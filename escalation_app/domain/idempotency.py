"""A request that may be sent again: whose it was, what it said, and what came of it."""

from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Index, Integer, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import UtcDateTime
from escalation_app.domain.refusals import InvalidInput

REMEMBERED = timedelta(hours=24)
KEY_LIMIT = 255


class IdempotencyKey(SQLModel, table=True):
    """Written in the transaction that opened the case or stored the message: both are there or none."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_age", "created_at"),)

    person_id: int = Field(
        sa_column=Column(Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    )
    key: str = Field(sa_column=Column(String(KEY_LIMIT), primary_key=True))
    request_hash: str = Field(sa_column=Column(String(64), nullable=False))
    # One of the two; none only while its transaction is under way.
    escalation_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("escalation.id"))
    )
    message_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("message.id"))
    )
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


def usable_key(key: str) -> str:
    """Raises InvalidInput: It is empty, too long, or not of visible ASCII characters."""
    if not 0 < len(key) <= KEY_LIMIT or not all("!" <= character <= "~" for character in key):
        raise InvalidInput(
            "Idempotency-Key",
            f"Idempotency-Key must be 1 to {KEY_LIMIT} visible ASCII characters, such as a UUID.",
        )
    return key
