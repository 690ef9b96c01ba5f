"""What happens, told to those whose business it is: for sounds, the strip and the title."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import timeline
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.snapshots import REASON_PREVIEW, iso
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import CHANGE_NOTHING, Queue, TimelineKind, Urgency, View
from escalation_app.state.news import Happened, Vars, is_seen
from escalation_app.state.screen import FeedState


@dataclass(frozen=True, slots=True)
class FeedView:
    """What happens within scope and filters, counted on from whenever the view was first shown."""

    queue: Queue
    scope: Scope
    chosen: QueueFilter

    @property
    def state(self) -> type[rx.State]:
        return FeedState

    def concerns(self, _news: Sequence[Happened], _shown: Vars) -> bool:
        """Never: it is told its news, and reads nothing again."""
        return False

    async def read(self, session: AsyncSession, shown: Vars) -> Vars:
        return shown or {
            "feed": uuid4().hex[:8],
            "seq": await timeline.head(session),
            "at": "",
            "created": 0,
            "created_seq": 0,
            "created_at": "",
            "changed": 0,
            "critical_id": 0,
            "critical_reason": "",
        }

    def told(self, shown: Vars, news: Sequence[Happened]) -> Vars:
        """What is shown after this news; each piece may be told once."""
        for entry, escalation in news:
            if self._covers(escalation):
                shown = _fed(shown, entry, escalation)
        return shown

    def _covers(self, escalation: Escalation) -> bool:
        return is_seen(escalation, self.queue, self.scope) and self.chosen.holds(escalation)


def triage_of(chosen: QueueFilter) -> QueueFilter:
    """What of the filters decides whether something that happens is somebody's business."""
    return replace(chosen, view=View.ALL, statuses=frozenset(), search="")


def _fed(feed: Vars, entry: TimelineEntry, escalation: Escalation) -> Vars:
    seq, at = max(feed["seq"], entry.id or 0), max(feed["at"], iso(entry.at))
    feed = feed | {"seq": seq, "at": at}
    match entry.kind:
        case TimelineKind.ESCALATED:
            feed |= {"created": feed["created"] + 1, "created_seq": seq, "created_at": at}
            if escalation.urgency is Urgency.CRITICAL:
                feed |= {
                    "critical_id": escalation.id,
                    "critical_reason": escalation.reason[:REASON_PREVIEW],
                }
        case kind if kind in CHANGE_NOTHING:
            pass
        case _:
            feed["changed"] += 1
    return feed
