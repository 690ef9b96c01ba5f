"""What tabs look at. Equal views are one: read once, compared once, and sent in one message to all tabs that have the same to hear."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import case_lists
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Permission, Scope, Viewer
from escalation_app.domain.snapshots import CaseSnapshot, QueueRow
from escalation_app.domain.vocabulary import Queue, TimelineKind, View
from escalation_app.services import cases
from escalation_app.services import queue as queue_service
from escalation_app.state.feed import FeedView, triage_of
from escalation_app.state.news import Happened, Vars, is_seen
from escalation_app.state.screen import (
    CaseState,
    CountsState,
    MineState,
    RowsState,
)
from escalation_app.state.settings_views import (
    CoverageView,
    DeliveriesView,
    KeysView,
    SettingsView,
)
from escalation_app.state.slots import changed_in_place, in_parts, into_slots, slots_by_id


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

    def concerns(self, news: Sequence[Happened], _shown: Vars) -> bool:
        return any(is_seen(escalation, self.queue, self.scope) for _, escalation in news)

    def after(self, news: Sequence[Happened], shown: Vars) -> Vars | None:
        """What it shows after this; None if a case may have come or gone, so that it must be read.

        Nothing that a view sorts by changes while a case is in it, so whoever stays keeps the place.
        """
        if self.chosen.search:
            return None
        cases = {case.id: case for _, case in news if is_seen(case, self.queue, self.scope)}
        rows = slots_by_id(shown)
        # Of those behind the page it is known only that there are some.
        before = triage_of(self.chosen) if shown["has_more"] else self.chosen
        for case_id, case in cases.items():
            was_shown = case_id in rows
            may_move = not was_shown and before.holds(case, self.person_id)
            if may_move or (was_shown and not self.chosen.holds(case, self.person_id)):
                return None
        changed = [_flat(queue_service.row(cases[id_])) for id_ in cases.keys() & rows.keys()]
        return changed_in_place(shown, changed, _MOVING)

    async def read(self, session: AsyncSession, shown: Vars) -> Vars:
        rows, has_more = await queue_service.rows(
            session, self.scope, self.queue, self.chosen, self.person_id, self.limit
        )
        laid = into_slots([_flat(row) for row in rows], shown, _MOVING)
        return laid | {"has_more": has_more}


@dataclass(frozen=True, slots=True)
class CountsView:
    queue: Queue
    scope: Scope
    chosen: QueueFilter

    @property
    def state(self) -> type[rx.State]:
        return CountsState

    def concerns(self, news: Sequence[Happened], _shown: Vars) -> bool:
        return any(is_seen(escalation, self.queue, self.scope) for _, escalation in news)

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        return asdict(await case_lists.counts(session, self.scope, self.queue, self.chosen))


@dataclass(frozen=True, slots=True)
class MineView:
    queue: Queue
    scope: Scope
    chosen: QueueFilter
    person_id: int

    @property
    def state(self) -> type[rx.State]:
        return MineState

    def concerns(self, news: Sequence[Happened], _shown: Vars) -> bool:
        """Only what somebody does with their own case changes what is theirs, or a release.

        What is searched for is found in what anybody says, too.
        """
        return any(
            is_seen(escalation, self.queue, self.scope)
            and (
                entry.actor_id == self.person_id
                or entry.kind is TimelineKind.RELEASED
                or bool(self.chosen.search)
            )
            for entry, escalation in news
        )

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        mine = await case_lists.count_mine(
            session, self.scope, self.queue, self.chosen, self.person_id
        )
        return {"mine": mine}


@dataclass(frozen=True, slots=True)
class CaseView:
    """The selected case as one person sees it. What is said is added to it, not sent anew."""

    queue: Queue
    case_id: int
    viewer: Viewer

    @property
    def state(self) -> type[rx.State]:
        return CaseState

    def concerns(self, news: Sequence[Happened], shown: Vars) -> bool:
        """What is said is recorded at the newest case of its conversation, and shown at them all."""
        conversation_id = shown["facts"]["conversation_id"]
        return any(
            escalation.id == self.case_id or escalation.conversation_id == conversation_id
            for _, escalation in news
        )

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        case = await cases.case(session, self.viewer, self.queue, self.case_id)
        shown = asdict(case or CaseSnapshot())
        return in_parts("messages", shown.pop("messages")) | (
            in_parts("timeline", shown.pop("timeline")) | shown
        )


SharedView = (
    RowsView
    | CountsView
    | MineView
    | CaseView
    | FeedView
    | CoverageView
    | SettingsView
    | DeliveriesView
    | KeysView
)


def known_after(view: SharedView, news: Sequence[Happened], shown: Vars) -> Vars | None:
    """What a view shows after this news, where it need not be read to know that."""
    return view.after(news, shown) if isinstance(view, RowsView) else None


def views_of_settings() -> tuple[SharedView, ...]:
    """All that one settings page looks at; the caller has checked who may."""
    return (SettingsView(), DeliveriesView(), *(CoverageView(queue) for queue in Queue))


def views_of(
    viewer: Viewer, queue: Queue, chosen: QueueFilter, limit: int, case_id: int | None
) -> tuple[SharedView, ...]:
    """All that one tab looks at. What is the same for everybody of a scope names no person."""
    scope = viewer.scope_in(queue)
    everywhere = chosen.in_view(View.ALL)
    person_id = viewer.person_id if chosen.view is View.MINE else 0
    shared: tuple[SharedView, ...] = (
        RowsView(queue, scope, chosen, limit, person_id),
        CountsView(queue, scope, everywhere),
        MineView(queue, scope, everywhere, viewer.person_id),
        FeedView(queue, scope, triage_of(chosen)),
    )
    if viewer.may(Permission.CONFIGURE):
        shared = (*shared, CoverageView(queue))
    return shared if case_id is None else (*shared, CaseView(queue, case_id, viewer))


# A row is flat, and there are many: `asdict`, which copies whatever it finds, took half of the look.
# That it is gone is the browser's to say.
_ROW = tuple(field.name for field in fields(QueueRow) if field.name != "gone")
# What hands do to a case while people look at it. Should another field change, the rest goes out too.
_MOVING = ("status", "urgency", "owner", "completed_at")


def _flat(row: QueueRow) -> Vars:
    return {name: getattr(row, name) for name in _ROW}
