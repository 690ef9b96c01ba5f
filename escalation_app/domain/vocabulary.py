"""The words of the desk as typed enums. Their values are what the wire and the screen show."""

from enum import StrEnum


class Queue(StrEnum):
    PREVIEW = "preview"
    PUBLISHED = "published"


class Status(StrEnum):
    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"


class Urgency(StrEnum):
    """Members stand in ascending order, so `rank` is the position."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical: what the database sorts by."""
        return list(Urgency).index(self)

    @classmethod
    def from_rank(cls, rank: int) -> "Urgency":
        return list(cls)[rank]


class View(StrEnum):
    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    COMPLETED = "completed"


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    BUILDER = "builder"
    ADMIN = "admin"


class Speaker(StrEnum):
    """Who wrote a message."""

    USER = "user"
    AGENT = "agent"
    SYSTEM = "system"


class TimelineKind(StrEnum):
    ESCALATED = "escalated"
    CLAIMED = "claimed"
    CLAIM_REFUSED = "claim_refused"
    RELEASED = "released"
    COMPLETED = "completed"
    SUMMARIZED = "summarized"
    MESSAGE_ADDED = "message_added"
    OVERDUE = "overdue"


# What is history but no change of a case's standing: no sound, no count. That a target has passed
# is seen on the row, which is red by then; nobody did anything that others must look at.
CHANGE_NOTHING = (TimelineKind.CLAIM_REFUSED, TimelineKind.SUMMARIZED, TimelineKind.OVERDUE)
