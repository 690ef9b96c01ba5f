"""What happened that this process has not told yet."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import timeline
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Scope
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue

Happened = tuple[TimelineEntry, Escalation]
# What a view shows, by the names of its state's vars.
Vars = dict[str, Any]

# PostgreSQL numbers entries before they commit, so a lower number can appear later.
LOOK_BACK = 64


class News:
    """Entries are unread until they are marked; what stood there at the start is no news."""

    def __init__(self) -> None:
        self._head: int | None = None
        self._known: deque[int] = deque(maxlen=4 * LOOK_BACK)

    async def unread(self, session: AsyncSession) -> list[Happened]:
        """Oldest first. Asking again without `mark` gives them again."""
        if self._head is None:
            self._head = await timeline.head(session)
            self._known.extend(await timeline.numbers_since(session, self._head - LOOK_BACK))
        return list(await timeline.entries_since(session, self._head, self._missing(self._head)))

    def _missing(self, head: int) -> list[int]:
        """The numbers below the newest that were not there when it was read."""
        lately = range(max(1, head - LOOK_BACK + 1), head)
        return sorted(set(lately).difference(self._known))

    def mark(self, news: Sequence[Happened]) -> None:
        numbers = [entry.id or 0 for entry, _ in news]
        self._known.extend(numbers)
        self._head = max([self._head or 0, *numbers])


def is_seen(escalation: Escalation, queue: Queue, scope: Scope) -> bool:
    """Whether somebody of this scope sees the case in this queue."""
    return escalation.queue is queue and scope.covers(escalation.topic, escalation.area)
