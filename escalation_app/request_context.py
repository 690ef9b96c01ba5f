"""What the running code is done for: a request, a tab's event, a delivery. Each log line tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4


class Cause(StrEnum):
    """What there is, by the name under which its id is logged."""

    REQUEST = "request_id"
    EVENT = "event_id"
    DELIVERY = "delivery_id"


def new_id() -> str:
    return uuid4().hex


@dataclass(slots=True)
class RequestContext:
    """`facts` are numbers, templates and names of ours: nothing that somebody wrote."""

    cause: Cause
    id: str = field(default_factory=new_id)
    facts: dict[str, str | int] = field(default_factory=dict)
    has_changed: bool = False

    @property
    def fields(self) -> dict[str, str | int]:
        return {self.cause.value: self.id, **self.facts}


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current() -> RequestContext | None:
    return _current.get()


@contextmanager
def within(context: RequestContext) -> Iterator[RequestContext]:
    """All that is logged inside belongs to this context, and so does what is raised out of it."""
    before = _current.set(context)
    try:
        yield context
    except Exception as error:
        # Who logs it may stand elsewhere: the framework tells of a handler's error in another task.
        error.request_context = context  # type: ignore[attr-defined]
        raise
    finally:
        _current.reset(before)


def of(error: BaseException | None) -> RequestContext | None:
    """The context that an exception was raised out of."""
    found = getattr(error, "request_context", None)
    return found if isinstance(found, RequestContext) else None


def note(**facts: str | int) -> None:
    """Add to what is known of the current context."""
    if context := _current.get():
        context.facts |= facts


def mark_changed() -> None:
    """Something was committed in the current context."""
    if context := _current.get():
        context.has_changed = True
