"""What is one tab's own: its filters, its selection, and the verbs it asks for."""

from typing import Any
from urllib.parse import parse_qsl

import reflex as rx

from escalation_app import routes
from escalation_app.domain.columns import LARGEST_ID
from escalation_app.domain.filters import Parsed, QueueFilter
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import InvalidInput, NotSignedIn
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services import escalations, sessions
from escalation_app.services import queue as queue_service
from escalation_app.services.queue import Opened
from escalation_app.state.arguments import case_number
from escalation_app.state.arrivals import Tab
from escalation_app.state.browser_events import address_of, redirect, toast
from escalation_app.state.feed import triage_of
from escalation_app.state.frame import frame, framed
from escalation_app.state.guard import desk, permits, secret_of_tab, viewer
from escalation_app.state.live import live
from escalation_app.state.screen import FilterControl, is_new_socket, read_at_load, send_all
from escalation_app.state.views import views_of


@framed
@read_at_load
class WorkspaceState(rx.State):
    queue: str = ""
    view: str = View.WAITING.value
    filters: list[FilterControl] = []
    search: str = ""
    shown_query: str = ""
    narrowed: bool = False
    notices: list[str] = []
    list_href: str = ""
    case_id: int = 0
    case_missing: bool = False
    may_show_more: bool = True
    receipt: str = ""
    viewer_id: int = 0
    remembered_published: str = rx.LocalStorage("", name="desk-filters-published")
    remembered_preview: str = rx.LocalStorage("", name="desk-filters-preview")
    _limit: int = queue_service.PAGE
    _shown_to: str = ""

    @rx.event
    @permits(Permission.PUBLIC)
    async def load(self) -> Any:
        """Read the address bar and look at what it describes."""
        url = self.router.url
        try:
            who = await sessions.who(desk(), secret_of_tab(self))
        except NotSignedIn:
            return redirect(self, routes.login(routes.own_path(address_of(self)) or ""))
        queue = self._here()
        remembered = self._remembered(queue)
        if not url.query and remembered:
            return redirect(self, remembered, replace=True)
        opened = await queue_service.opened(desk(), who, queue, dict(url.query_parameters))
        chosen = opened.parsed.filter
        if (self.queue, self.view, self.search) != (queue.value, chosen.view.value, chosen.search):
            self._limit, self.may_show_more = queue_service.PAGE, True
        is_new = is_new_socket(self)
        # What can't be shown is not described either: the old screen stays whole.
        await self._look(who, queue, chosen, opened.case_id)
        if is_new:
            send_all(self)
        await frame(self, who, queue.value)
        self._describe(who, queue, opened)
        return None

    @rx.event
    @permits(Permission.VIEW_QUEUE)
    async def show_more(self) -> None:
        self._limit = min(self._limit + queue_service.PAGE, queue_service.MOST_ROWS)
        self.may_show_more = self._limit < queue_service.MOST_ROWS
        await self._look(viewer(), self._here(), self._chosen(), self.case_id or None)

    @rx.event(temporal=True)
    @permits(Permission.CLAIM)
    async def claim(self, case_id: int) -> None:
        await escalations.claim(desk(), viewer(), case_number(case_id))

    @rx.event(temporal=True)
    @permits(Permission.RELEASE)
    async def release(self, form: dict[str, Any]) -> Any:
        case_id = case_number(form.get("case_id"))
        done = await escalations.release(desk(), viewer(), case_id, form.get("note", ""))
        self.receipt = f"release:{case_id}:{done.version}"
        return toast("success", f"Case #{case_id} is back in the queue.")

    @rx.event(temporal=True)
    @permits(Permission.COMPLETE)
    async def complete(self, form: dict[str, Any]) -> Any:
        case_id = case_number(form.get("case_id"))
        done = await escalations.complete(
            desk(),
            viewer(),
            case_id,
            form.get("what_happened", ""),
            form.get("action_taken", ""),
            form.get("follow_up", ""),
        )
        self.receipt = f"complete:{case_id}:{done.version}"
        return toast("success", f"Case #{case_id} is completed.")

    @rx.event
    @permits(Permission.VIEW_QUEUE)
    async def catch_up(self, seq: int) -> Any:
        """Say how much happened while this tab was away; the list itself was read again already."""
        if not 0 <= seq <= LARGEST_ID:
            raise InvalidInput("seq", "seq is not a number of the timeline.")
        chosen = triage_of(self._chosen())
        missed = await queue_service.missed(desk(), viewer(), self._here(), chosen, seq)
        changes = {0: "nothing changed", 1: "1 change"}.get(missed, f"{missed} changes")
        told = f"Caught up, {changes} while you were away."
        return toast("info", told, seconds=10 if missed else 4, once_as="caught-up")

    def _describe(self, who: Viewer, queue: Queue, opened: Opened) -> None:
        chosen = opened.parsed.filter
        self.case_id, self.case_missing = opened.case_id or 0, opened.case_is_missing
        self.queue = queue.value
        self.viewer_id = who.person_id
        self.view, self.search, self.narrowed = chosen.view.value, chosen.search, chosen.is_narrowed
        self.filters = [
            FilterControl("status", "Status", [status.value for status in Status]),
            FilterControl("urgency", "Urgency", [u.value for u in reversed(Urgency)]),
            FilterControl("topic", "Topic", sorted(opened.topics)),
            FilterControl("area", "Area", sorted(opened.areas)),
        ]
        self.notices = [f"Unknown {value} was left out." for value in opened.parsed.unknown]
        self.list_href = _address(queue, chosen)
        # What the browser compares with its address bar; "-" for none, since "" is not loaded yet.
        self.shown_query = self.router.url.query or "-"
        remembered = self.list_href.partition("?")[2]
        if queue is Queue.PREVIEW:
            self.remembered_preview = remembered
        else:
            self.remembered_published = remembered

    def _here(self) -> Queue:
        return _queue(self.router.url.path.rstrip("/").rsplit("/", 1)[-1])

    def _chosen(self) -> QueueFilter:
        """What the address bar says, without what nobody knows."""
        known = {control.name: frozenset(control.options) for control in self.filters}
        query = dict(self.router.url.query_parameters)
        return Parsed.of(query, known.get("topic"), known.get("area")).filter

    async def _look(
        self, who: Viewer, queue: Queue, chosen: QueueFilter, case_id: int | None
    ) -> None:
        sid = self.router.session.session_id
        secret = secret_of_tab(self) or ""
        views = views_of(who, queue, chosen, self._limit, case_id)
        await live().show(Tab(sid, secret, who), views, afresh=self._shown_to != sid)
        self._shown_to = sid

    def _remembered(self, queue: Queue) -> str:
        """The address that this browser had last. What it kept is anybody's text, so it is read."""
        kept = self.remembered_preview if queue is Queue.PREVIEW else self.remembered_published
        pairs = parse_qsl(kept) if isinstance(kept, str) and len(kept) < 2_000 else []
        return _address(queue, Parsed.of(dict(pairs)).filter) if pairs else ""


def _queue(name: str) -> Queue:
    """Raises InvalidInput: a socket may ask before it has loaded a page, or name another path."""
    if name not in set(Queue):
        raise InvalidInput("queue", "Please open a queue first.")
    return Queue(name)


def _address(queue: Queue, chosen: QueueFilter) -> str:
    return routes.queue(queue.value, chosen.query())
