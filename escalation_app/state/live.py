"""Which tabs look at what, and the pushes that keep them true. The one module that emits.

`emit` to a room is the framework's inside: a test guards the shape of what is sent.
"""

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event

from escalation_app import routes
from escalation_app.db import configurations, timeline
from escalation_app.domain.people import Viewer
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.state.screen import BeatState
from escalation_app.state.views import Happened, SharedView, Vars

log = logging.getLogger(__name__)

# PostgreSQL numbers entries before they commit, so a lower number can appear later.
LOOK_BACK = 64
FRESH_SECONDS = 5.0
EVERYBODY = "everybody"


@dataclass
class Tab:
    sid: str
    secret: str
    viewer: Viewer
    views: frozenset[SharedView] = frozenset()


@dataclass
class Room:
    """The tabs of one view and what was last sent to them."""

    shown: Vars
    name: str = field(default_factory=lambda: f"view-{uuid4().hex}")


class Live:
    """This process's tabs. One synchronisation at a time."""

    def __init__(self, app: rx.App, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._tabs: dict[str, Tab] = {}
        self._rooms: dict[SharedView, Room] = {}
        self._one_at_a_time = asyncio.Lock()
        self._seen: deque[int] = deque(maxlen=4 * LOOK_BACK)
        self._head: int | None = None
        self._settings: int | None = None
        self._synchronised_at = 0.0
        self._beat = 0

    @property
    def age_of_synchronisation(self) -> float:
        """Seconds since the screens were last known to equal the database."""
        return time.monotonic() - self._synchronised_at

    @property
    def open_tabs(self) -> int:
        return len(self._tabs)

    async def show(self, tab: Tab, views: tuple[SharedView, ...], *, afresh: bool) -> None:
        """Let a tab look at these views. It is sent those it doesn't have yet, all if `afresh`.

        Raises:
            DeskUnavailable: Nothing could be read; the tab goes on looking at what it did before.
        """
        async with self._one_at_a_time:
            await self._read_unseen(views)
            if not self._is_open(tab.sid):
                return
            before = self._tabs.get(tab.sid)
            had = frozenset() if afresh or before is None else before.views
            await self._leave(tab.sid, (before.views if before else frozenset()) - set(views))
            for view in views:
                room = self._rooms[view]
                await self._enter(tab.sid, room.name)
                if view not in had:
                    await self._send(view, room.shown, to=tab.sid)
            tab.views = frozenset(views)
            self._tabs[tab.sid] = tab
            await self._enter(tab.sid, EVERYBODY)
            await self._tell_beat(to=tab.sid)

    async def synchronise(self, *, everything: bool = False) -> None:
        """Read what happened and send each view's difference to its room."""
        settings = await self._settings_head()
        if settings != self._settings:
            # Before anything is pushed: what somebody may see can be less than it was.
            await self.reauthorise()
            self._settings, everything = settings, True
        async with self._one_at_a_time:
            self._forget_closed_tabs()
            async with self._desk.database.reading() as session:
                news = await self._news(session)
                if news or everything:
                    queues = {entry.queue for entry, _ in news}
                    for view, room in list(self._rooms.items()):
                        if everything or view.queue in queues:
                            shown = await view.read(session, room.shown, news)
                            await self._send_difference(view, room, shown)
            self._synchronised_at = time.monotonic()

    async def beat(self) -> None:
        """Tell all tabs that this process is in touch; say nothing when it is not."""
        self._beat += 1
        await self._tell_beat(room=EVERYBODY)

    async def reauthorise(self) -> None:
        """End the tabs of sessions that have ended, and of people whose rights have changed."""
        async with self._one_at_a_time:
            self._forget_closed_tabs()
            secrets = {tab.secret for tab in self._tabs.values()}
            holders = await sessions.holders(self._desk, secrets)
            for tab in list(self._tabs.values()):
                viewer = holders.get(tab.secret)
                if viewer is None:
                    await self._end(tab, rx.redirect(routes.LOGIN))
                elif viewer != tab.viewer:
                    await self._end(tab, rx.call_script("window.location.reload()"))

    async def _tell_beat(self, **target: str) -> None:
        if self.age_of_synchronisation < FRESH_SECONDS:
            delta = {BeatState.get_full_name(): {f"beat{FIELD_MARKER}": self._beat}}
            await self._emit(StateUpdate(delta=delta), **target)

    async def _read_unseen(self, views: tuple[SharedView, ...]) -> None:
        """Read the views that nobody looks at yet; when that fails, no room has changed."""
        unseen = [view for view in views if view not in self._rooms]
        if not unseen:
            return
        async with self._desk.database.reading() as session:
            read = {view: await view.read(session, {}, ()) for view in unseen}
        self._rooms |= {view: Room(shown) for view, shown in read.items()}

    async def _settings_head(self) -> int:
        async with self._desk.database.reading() as session:
            return await configurations.head(session)

    async def _news(self, session: Any) -> list[Happened]:
        """Entries that were not seen before; what stood there at the start is no news."""
        head = await timeline.head(session)
        if self._head is None:
            before = await timeline.since(session, head - LOOK_BACK)
            self._seen.extend(entry.id or 0 for entry, _ in before)
        elif head == self._head:
            return []
        happened = await timeline.since(session, (self._head or head) - LOOK_BACK)
        known = set(self._seen)
        news = [pair for pair in happened if pair[0].id not in known]
        self._seen.extend(entry.id or 0 for entry, _ in news)
        self._head = head
        return news

    async def _send_difference(self, view: SharedView, room: Room, shown: Vars) -> None:
        before = room.shown
        changed = {
            name: value
            for name, value in shown.items()
            if name not in before or before[name] != value
        }
        room.shown = shown
        if changed:
            await self._send(view, changed, room=room.name)

    async def _send(self, view: SharedView, changed: Vars, **target: str) -> None:
        delta = {
            name if name.startswith("slot_") else f"{name}{FIELD_MARKER}": value
            for name, value in changed.items()
        }
        await self._emit(StateUpdate(delta={view.state.get_full_name(): delta}), **target)

    async def _emit(self, update: StateUpdate, **target: str) -> None:
        assert self._app.event_namespace is not None
        await self._app.event_namespace.emit("event", update, **target)

    async def _end(self, tab: Tab, event: Any) -> None:
        await self._leave(tab.sid, tab.views)
        await self._sio.leave_room(tab.sid, EVERYBODY, namespace=self._namespace)
        del self._tabs[tab.sid]
        await self._emit(StateUpdate(events=Event.from_event_type(event)), to=tab.sid)

    async def _enter(self, sid: str, room: str) -> None:
        await self._sio.enter_room(sid, room, namespace=self._namespace)

    async def _leave(self, sid: str, views: frozenset[SharedView]) -> None:
        for view in views:
            await self._sio.leave_room(sid, self._rooms[view].name, namespace=self._namespace)

    def _is_open(self, sid: str) -> bool:
        assert self._app.event_namespace is not None
        return sid in self._app.event_namespace.sid_to_token

    def _forget_closed_tabs(self) -> None:
        assert self._app.event_namespace is not None
        # Each access copies the dict, so it is read once.
        open_sids = self._app.event_namespace.sid_to_token
        self._tabs = {sid: tab for sid, tab in self._tabs.items() if sid in open_sids}
        watched = {view for tab in self._tabs.values() for view in tab.views}
        self._rooms = {view: room for view, room in self._rooms.items() if view in watched}

    @property
    def _sio(self) -> Any:
        return self._app.sio

    @property
    def _namespace(self) -> str:
        assert self._app.event_namespace is not None
        return str(self._app.event_namespace.namespace)


_current: Live | None = None


def install(live: Live | None) -> None:
    """Called once by the lifespan of each process."""
    global _current
    _current = live


def live() -> Live:
    if _current is None:
        raise RuntimeError("The live desk has not been started.")
    return _current
