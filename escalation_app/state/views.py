"""What tabs look at. Equal views are one: read once, compared once, sent once to their room."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import escalations, timeline
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope, Viewer
from escalation_app.domain.snapshots import REASON_PREVIEW, CaseSnapshot
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, TimelineKind, Urgency, View
from escalation_app.services import cases
from escalation_app.services import queue as queue_service
from escalation_app.state.screen import CaseState, CountsState, FeedState, MineState, RowsState

Vars = dict[str, Any]
Happened = tuple[TimelineEntry, Escalation]


@dataclass(frozen=True, slots=True)
class RowsView:
    """The rows of a list. A row keeps its slot while it is shown, so a change sends one slot."""

    queue: Queue
    scope: Scope
    chosen: QueueFilter
    limit: int
    person_id: int

    @property
    def state(self) -> type[rx.State]:
        return RowsState

    async def read(self, session: AsyncSession, shown: Vars, _news: Iterable[Happened]) -> Vars:
        rows, has_more = await queue_service.rows(
            session, self.scope, self.queue, self.chosen, self.person_id, self.limit
        )
        return into_slots([asdict(row) for row in rows], shown) | {"has_more": has_more}


@dataclass(frozen=True, slots=True)
class CountsView:
    queue: Queue
    scope: Scope
    chosen: QueueFilter

    @property
    def state(self) -> type[rx.State]:
        return CountsState

    async def read(self, session: AsyncSession, _shown: Vars, _news: Iterable[Happened]) -> Vars:
        return asdict(await escalations.counts(session, self.scope, self.queue, self.chosen))


@dataclass(frozen=True, slots=True)
class MineView:
    queue: Queue
    scope: Scope
    chosen: QueueFilter
    person_id: int

    @property
    def state(self) -> type[rx.State]:
        return MineState

    async def read(self, session: AsyncSession, _shown: Vars, _news: Iterable[Happened]) -> Vars:
        mine = await escalations.count_mine(
            session, self.scope, self.queue, self.chosen, self.person_id
        )
        return {"mine": mine}


@dataclass(frozen=True, slots=True)
class CaseView:
    """The selected case as one person sees it."""

    queue: Queue
    case_id: int
    viewer: Viewer

    @property
    def state(self) -> type[rx.State]:
        return CaseState

    async def read(self, session: AsyncSession, _shown: Vars, _news: Iterable[Happened]) -> Vars:
        case = await cases.case(session, self.viewer, self.queue, self.case_id)
        return asdict(case or CaseSnapshot())


@dataclass(frozen=True, slots=True)
class FeedView:
    """What happens within scope and filters, counted on from whenever the view was first shown."""

    queue: Queue
    scope: Scope
    chosen: QueueFilter

    @property
    def state(self) -> type[rx.State]:
        return FeedState

    async def read(self, session: AsyncSession, shown: Vars, news: Iterable[Happened]) -> Vars:
        feed = shown or {
            "feed": uuid4().hex[:8],
            "seq": await timeline.head(session),
            "created": 0,
            "changed": 0,
            "critical_id": 0,
            "critical_reason": "",
        }
        for entry, escalation in news:
            if self._concerns(escalation):
                feed = _fed(feed, entry, escalation)
        return feed

    def _concerns(self, escalation: Escalation) -> bool:
        chosen = self.chosen
        return (
            escalation.queue is self.queue
            and self.scope.covers(escalation.topic, escalation.area)
            and (not chosen.urgencies or escalation.urgency in chosen.urgencies)
            and (not chosen.topics or escalation.topic in chosen.topics)
            and (not chosen.areas or escalation.area in chosen.areas)
        )


SharedView = RowsView | CountsView | MineView | CaseView | FeedView


def views_of(
    viewer: Viewer, queue: Queue, chosen: QueueFilter, limit: int, case_id: int | None
) -> tuple[SharedView, ...]:
    """All that one tab looks at. What is the same for everybody of a scope names no person."""
    scope = viewer.scope_in(queue)
    everywhere = chosen.in_view(View.ALL)
    triage = replace(everywhere, statuses=frozenset(), search="")
    person_id = viewer.person_id if chosen.view is View.MINE else 0
    shared: tuple[SharedView, ...] = (
        RowsView(queue, scope, chosen, limit, person_id),
        CountsView(queue, scope, everywhere),
        MineView(queue, scope, everywhere, viewer.person_id),
        FeedView(queue, scope, triage),
    )
    return shared if case_id is None else (*shared, CaseView(queue, case_id, viewer))


def into_slots(rows: list[dict[str, Any]], shown: Vars) -> Vars:
    """Lay rows into slots: those still shown stay where they were, new ones take what is free."""
    held = {
        value["id"]: name
        for name, value in shown.items()
        if name.startswith("slot_") and value is not None
    }
    wanted = {row["id"] for row in rows}
    taken = {name for row_id, name in held.items() if row_id in wanted}
    free = iter(
        name for name in (f"slot_{i}" for i in range(len(rows) + len(held))) if name not in taken
    )
    laid: Vars = {name: None for name in shown if name.startswith("slot_")}
    order = []
    for row in rows:
        name = held.get(row["id"]) or next(free)
        laid[name] = row
        order.append(int(name.removeprefix("slot_")))
    return laid | {"order": order}


def _fed(feed: Vars, entry: TimelineEntry, escalation: Escalation) -> Vars:
    feed = feed | {"seq": max(feed["seq"], entry.id or 0)}
    match entry.kind:
        case TimelineKind.ESCALATED:
            feed["created"] += 1
            if escalation.urgency is Urgency.CRITICAL:
                feed |= {
                    "critical_id": escalation.id,
                    "critical_reason": escalation.reason[:REASON_PREVIEW],
                }
        case TimelineKind.CLAIM_REFUSED | TimelineKind.SUMMARIZED:
            pass
        case _:
            feed["changed"] += 1
    return feed
