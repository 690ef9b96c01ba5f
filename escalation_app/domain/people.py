"""People, what their role permits, and which topics and areas they may see in which queue."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.refusals import NotPermitted
from escalation_app.domain.vocabulary import Queue, Role


class Permission(StrEnum):
    """What a handler or an endpoint may ask for by name."""

    PUBLIC = "be here at all"
    VIEW_QUEUE = "see the queue"
    CLAIM = "claim a case"
    RELEASE = "release a case"
    COMPLETE = "complete a case"
    SUMMARIZE = "generate a summary"
    CONVERSE = "write in a conversation"
    CONFIGURE = "change the settings"
    ESCALATE = "escalate a conversation"
    INTEGRATE = "bring in conversations from a program"
    MANAGE_KEYS = "manage API keys"
    WATCH = "read the metrics"


_SEES = {Permission.PUBLIC, Permission.VIEW_QUEUE, Permission.SUMMARIZE}
_WORKS = _SEES | {Permission.CLAIM, Permission.RELEASE, Permission.COMPLETE}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(
        {Permission.PUBLIC, Permission.ESCALATE, Permission.CONVERSE, Permission.INTEGRATE}
    ),
    Role.SUPERVISOR: frozenset(_WORKS),
    Role.BUILDER: frozenset(
        _SEES | {Permission.CONFIGURE, Permission.CONVERSE, Permission.INTEGRATE}
    ),
    Role.ADMIN: frozenset(
        _WORKS
        | {Permission.CONFIGURE, Permission.CONVERSE, Permission.MANAGE_KEYS, Permission.WATCH}
    ),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Topics and areas a person may see; `None` is ALL. A case must match both."""

    topics: frozenset[str] | None = None
    areas: frozenset[str] | None = None

    def covers(self, topic: str, area: str) -> bool:
        return (self.topics is None or topic in self.topics) and (
            self.areas is None or area in self.areas
        )


EVERYTHING = Scope()
NOTHING = Scope(topics=frozenset(), areas=frozenset())


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a person may see, queue by queue: each queue has a configuration of its own."""

    preview: Scope
    published: Scope

    def of(self, queue: Queue) -> Scope:
        match queue:
            case Queue.PREVIEW:
                return self.preview
            case Queue.PUBLISHED:
                return self.published


ALL_QUEUES = Scopes(preview=EVERYTHING, published=EVERYTHING)
NO_QUEUE = Scopes(preview=NOTHING, published=NOTHING)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: made from a session or an API key, never from an argument."""

    person_id: int
    name: str
    role: Role
    scopes: Scopes

    def scope_in(self, queue: Queue) -> Scope:
        """What this person may see of a queue. Every read names its queue."""
        return self.scopes.of(queue)

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def must(self, permission: Permission) -> None:
        """Raises NotPermitted, in words, when the role lacks the permission."""
        if not self.may(permission):
            raise NotPermitted(f"Your role ({self.role.value}) may not {permission.value}.")

    @property
    def home(self) -> Queue:
        """The queue that this role looks at first."""
        return Queue.PREVIEW if self.role is Role.BUILDER else Queue.PUBLISHED


# Whoever has the machine and its command line.
COMMAND_LINE = Viewer(0, "Operator", Role.ADMIN, ALL_QUEUES)


class Person(SQLModel, table=True):
    """Somebody, or the AI agent, who can sign in or hold an API key."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    role: Role = Field(sa_column=Column(EnumText(Role), nullable=False))
    password_hash: str | None = Field(default=None, sa_column=Column(String(255)))
    is_demo: bool = Field(default=False)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # Whoever was shut out is never let in again, whatever key or session is still there.
    shut_out_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    def as_viewer(self, granted: Scopes) -> Viewer:
        """Who asks, seeing what the role sees; `granted` binds supervisors alone."""
        assert self.id is not None
        return Viewer(self.id, self.name, self.role, self._sees(granted))

    def _sees(self, granted: Scopes) -> Scopes:
        match self.role:
            case Role.ADMIN | Role.BUILDER:
                return ALL_QUEUES
            case Role.SUPERVISOR:
                return granted
            case Role.AGENT:
                return NO_QUEUE
