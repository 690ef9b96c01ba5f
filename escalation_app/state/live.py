"""Which tabs look at what, and the pushes that keep them true."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app import measures, routes
from escalation_app.db import configurations
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import NotSignedIn
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.state.broadcast import Broadcast
from escalation_app.state.browser_events import Order
from escalation_app.state.feed import FeedView
from escalation_app.state.news import Happened, News, Vars
from escalation_app.state.screen import BeatState
from escalation_app.state.views import SharedView

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
        self._to_tabs = Broadcast(app)
        self._desk = desk
        self._tabs: dict[str, Tab] = {}
        self._rooms: dict[SharedView, Room] = {}
        self._one_at_a_time = asyncio.Lock()
        self._news = News()
        self._settings: int | None = None
        # Something was left undone: until all is read again, nothing that is shown is sure.
        self._is_behind = False
        self._synchronised_at = 0.0
        # Until then, its age counts from here.
        measures.synchronised_at.set(time.monotonic())
        self._beat = 0

    @property
    def age_of_synchronisation(self) -> float:
        """Seconds since the screens were last known to equal the database."""
        return time.monotonic() - self._synchronised_at

    async def show(self, tab: Tab, views: tuple[SharedView, ...], *, afresh: bool) -> None:
        """Let a tab look at these views. It is sent those it doesn't have yet, all if `afresh`.

        Raises:
            NotSignedIn: The session has ended meanwhile.
            DeskUnavailable: Nothing could be read; the tab goes on looking at what it did before.
        """
        async with self._one_at_a_time, self._desk.database.reading() as session:
            # First everybody else's screens, so that what the tab is shown now is no news to it.
            await self._settle(session, everything=False)
            viewer = (await sessions.holders(self._desk, session, {tab.secret})).get(tab.secret)
            if viewer is None:
                raise NotSignedIn
            if viewer != tab.viewer:
                # Rights that changed since the tab asked: it asks again with those it has now.
                await self._to_tabs.order(Order.RELOAD, to=tab.sid)
                return
            await self._read_unseen(session, views)
            if tab.sid in self._to_tabs.tokens:
                await self._move(tab, views, afresh=afresh)

    async def synchronise(self, *, everything: bool = False) -> None:
        """Read what happened and send each view's difference to its room."""
        async with self._one_at_a_time:
            await self._forget_closed_tabs()
            async with self._desk.database.reading() as session:
                await self._settle(session, everything=everything)
                self._synchronised_at = time.monotonic()
                measures.synchronised_at.set(self._synchronised_at)

    async def _settle(self, session: AsyncSession, *, everything: bool) -> None:
        """Bring all rooms to this moment of the database. What fails is made up for next time."""
        was_behind, self._is_behind = self._is_behind, True
        settings = await configurations.head(session)
        if settings != self._settings:
            # Before anything is pushed: what somebody may see can be less than it was.
            await self._reauthorise(session)
        everything = everything or was_behind or settings != self._settings
        news = await self._news.unread(session)
        for view, room in list(self._rooms.items()):
            if everything or view.concerns(news):
                await self._send_difference(view, room, await view.read(session, room.shown))
        # Nothing is read from here on, so nothing fails, and each piece of news is told once.
        for view, room in self._rooms.items():
            if news and isinstance(view, FeedView):
                await self._send_difference(view, room, view.told(room.shown, news))
        self._news.mark(news)
        self._settings, self._is_behind = settings, False
        self._measure_lag(news)

    def _measure_lag(self, news: Sequence[Happened]) -> None:
        """Where nobody looks, nothing was pushed."""
        now = self._desk.clock()
        for entry, _ in news if self._tabs else ():
            measures.push_lag.observe(max(0.0, (now - entry.at).total_seconds()))

    async def _move(self, tab: Tab, views: tuple[SharedView, ...], *, afresh: bool) -> None:
        before = self._tabs.get(tab.sid)
        had = frozenset() if afresh or before is None else before.views
        await self._leave(tab.sid, (before.views if before else frozenset()) - set(views))
        # Known before it enters a room: whoever is in one must be found when they lose a right.
        tab.views = frozenset(views)
        self._tabs[tab.sid] = tab
        for view in views:
            room = self._rooms[view]
            await self._to_tabs.enter(tab.sid, room.name)
            if view not in had:
                await self._to_tabs.vars(view.state, room.shown, to=tab.sid)
        await self._to_tabs.enter(tab.sid, EVERYBODY)
        await self._tell_beat(to=tab.sid)

    async def beat(self) -> None:
        """Tell all tabs that this process is in touch; say nothing when it is not."""
        self._beat += 1
        await self._tell_beat(room=EVERYBODY)

    async def reauthorise(self) -> None:
        """End the tabs of sessions that have ended, and of people whose rights have changed."""
        async with self._one_at_a_time:
            await self._forget_closed_tabs()
            async with self._desk.database.reading() as session:
                await self._reauthorise(session)

    async def _reauthorise(self, session: AsyncSession) -> None:
        secrets = {tab.secret for tab in self._tabs.values()}
        holders = await sessions.holders(self._desk, session, secrets)
        for tab in list(self._tabs.values()):
            viewer = holders.get(tab.secret)
            if viewer != tab.viewer:
                await self._forget(tab)
                await self._send_away(tab, is_signed_out=viewer is None)

    async def _tell_beat(self, **target: str) -> None:
        if self.age_of_synchronisation < FRESH_SECONDS:
            await self._to_tabs.vars(BeatState, {"beat": self._beat}, **target)

    async def _read_unseen(self, session: AsyncSession, views: tuple[SharedView, ...]) -> None:
        """Read the views that nobody looks at yet; when that fails, no room has changed."""
        unseen = [view for view in views if view not in self._rooms]
        read = {view: await view.read(session, {}) for view in unseen}
        self._rooms |= {view: Room(shown) for view, shown in read.items()}

    async def _send_difference(self, view: SharedView, room: Room, shown: Vars) -> None:
        before = room.shown
        changed = {
            name: value
            for name, value in shown.items()
            if name not in before or before[name] != value
        }
        room.shown = shown
        if changed:
            await self._to_tabs.vars(view.state, changed, room=room.name)

    async def _send_away(self, tab: Tab, *, is_signed_out: bool) -> None:
        if is_signed_out:
            login = {"login": routes.login(error="ended")}
            await self._to_tabs.order(Order.SIGN_IN_AGAIN, login, to=tab.sid)
        else:
            await self._to_tabs.order(Order.RELOAD, to=tab.sid)

    async def _leave(self, sid: str, views: frozenset[SharedView]) -> None:
        for view in views:
            await self._to_tabs.leave(sid, self._rooms[view].name)

    def has_tab(self, token: str) -> bool:
        """Whether the tab of this token is connected to this process."""
        return token in self._to_tabs.tokens.values()

    async def _forget_closed_tabs(self) -> None:
        """A tab whose account is gone hears nothing more, even if its socket should still stand."""
        open_sids = self._to_tabs.tokens
        measures.open_tabs.set(len(open_sids))
        measures.bus_unheard.set(not self._desk.is_heard())
        for tab in [tab for sid, tab in self._tabs.items() if sid not in open_sids]:
            await self._forget(tab)
        watched = {view for tab in self._tabs.values() for view in tab.views}
        self._rooms = {view: room for view, room in self._rooms.items() if view in watched}

    async def _forget(self, tab: Tab) -> None:
        await self._leave(tab.sid, tab.views)
        await self._to_tabs.leave(tab.sid, EVERYBODY)
        del self._tabs[tab.sid]


_current: Live | None = None


def install(live: Live | None) -> None:
    """Called once by the lifespan of each process."""
    global _current
    _current = live


def live() -> Live:
    if _current is None:
        raise RuntimeError("The live desk has not been started.")
    return _current
