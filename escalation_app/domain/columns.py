"""Column types that keep enums typed and times in UTC on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, SmallInteger, String
from sqlalchemy.types import TypeDecorator

from escalation_app.domain.vocabulary import Urgency

# PostgreSQL's `integer` ends here; asking it for a larger number is an error, not "no such row".
LARGEST_ID = 2**31 - 1


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone must not reach the database.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UrgencyRank(TypeDecorator[Urgency]):
    """An urgency as its rank, so that an index sorts it."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Urgency | None, dialect: Dialect) -> int | None:
        return None if value is None else Urgency(value).rank

    def process_result_value(self, value: Any, dialect: Dialect) -> Urgency | None:
        return None if value is None else Urgency.from_rank(value)


class EnumText(TypeDecorator[StrEnum]):
    """An enum by its value. A value that no member has is an error, never a default."""

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum], length: int = 20) -> None:
        super().__init__(length)
        self.members = members

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)
