"""Which tabs look at what, and the pushes that keep them true."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app import measures, routes
from escalation_app.db import configurations
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import NotSignedIn
from escalation_app.services import sessions
from escalation_app.services.desk import Desk
from escalation_app.services.together import Together
from escalation_app.state.arrivals import Arrival, Arriving, Tab, by_views
from escalation_app.state.broadcast import Broadcast
from escalation_app.state.browser_events import Order
from escalation_app.state.differences import differences
from escalation_app.state.feed import FeedView
from escalation_app.state.news import Happened, News, Vars
from escalation_app.state.screen import BeatState
from escalation_app.state.views import SharedView, known_after

FRESH_SECONDS = 5.0


class Live:
    """This process's tabs. One synchronisation at a time."""

    def __init__(self, app: rx.App, desk: Desk) -> None:
        self._to_tabs = Broadcast(app)
        self._desk = desk
        self._tabs: dict[str, Tab] = {}
        # What was last sent of each view that somebody looks at.
        self._shown: dict[SharedView, Vars] = {}
        # Tabs that look at the same share one set of views, so to see that they do costs nothing.
        self._sets: dict[frozenset[SharedView], frozenset[SharedView]] = {}
        self._one_at_a_time = asyncio.Lock()
        self._arrivals = Together(self._let_look)
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
        await self._arrivals.ask(Arrival(tab, views, afresh))

    async def _let_look(self, arriving: Sequence[Arriving]) -> None:
        """Answer each as soon as it is shown its views, up to the first whose own can't be read."""
        concerned = arriving
        async with self._one_at_a_time:
            try:
                async with self._desk.database.reading() as session:
                    # First everybody else's screens, so that what is shown now is no news to them.
                    await self._settle(session, everything=False)
                    secrets = {one.question.tab.secret for one in arriving}
                    holders = await sessions.holders(self._desk, session, secrets)
                    for views, concerned in by_views(arriving).items():
                        admitted = [one for one in concerned if await self._admits(one, holders)]
                        if admitted:
                            await self._read_unseen(session, views)
                            await self._move(admitted)
            except Exception as error:
                for one in concerned:
                    one.refuse(error)

    async def _admits(self, one: Arriving, holders: Mapping[str, Viewer]) -> bool:
        """Whether its session lives and its rights are those that it asked with. Else it is answered."""
        tab = one.question.tab
        viewer = holders.get(tab.secret)
        if viewer is None:
            one.refuse(NotSignedIn())
        elif viewer != tab.viewer:
            # It asks again with its rights of now.
            await self._to_tabs.order(Order.RELOAD, to=tab.sid)
            one.answer(None)
        return one.is_waiting

    async def synchronise(self, *, everything: bool = False, beat: bool = False) -> None:
        """Read what happened and send each tab what of it changed on its screen.

        With a `beat`, also see who may still look, and tell all tabs that this process is in touch.
        """
        async with self._one_at_a_time:
            self._forget_closed_tabs()
            async with self._desk.database.reading() as session:
                if beat:
                    await self._reauthorise(session)
                    self._beat += 1
                await self._settle(session, everything=everything, beat=beat)
                self._synchronised_at = time.monotonic()
                measures.synchronised_at.set(self._synchronised_at)

    async def _settle(self, session: AsyncSession, *, everything: bool, beat: bool = False) -> None:
        """Bring all screens to this moment of the database. What fails is made up for next time."""
        was_behind, self._is_behind = self._is_behind, True
        settings = await configurations.head(session)
        if settings != self._settings:
            # Before anything is pushed: what somebody may see can be less than it was.
            await self._reauthorise(session)
        everything = everything or was_behind or settings != self._settings
        news = await self._news.unread(session)
        now = dict(self._shown)
        for view, shown in self._shown.items():
            if everything or view.concerns(news, shown):
                known = None if everything else known_after(view, news, shown)
                now[view] = await view.read(session, shown) if known is None else known
        # Nothing is read from here on, so nothing fails, and each piece of news is told once.
        for view in now:
            if news and isinstance(view, FeedView):
                now[view] = view.told(now[view], news)
        before, self._shown = self._shown, now
        self._news.mark(news)
        self._settings, self._is_behind = settings, False
        await self._send(differences(before, now), beat=beat)
        self._measure_lag(news)

    def _measure_lag(self, news: Sequence[Happened]) -> None:
        """Where nobody looks, nothing was pushed."""
        now = self._desk.clock()
        for entry, _ in news if self._tabs else ():
            measures.push_lag.observe(max(0.0, (now - entry.at).total_seconds()))

    async def _send(self, changed: Mapping[SharedView, Vars], *, beat: bool) -> None:
        """To each tab one message, which is made once for all that have the same to hear."""
        if not (changed or beat):
            return
        alike: dict[frozenset[SharedView], list[str]] = defaultdict(list)
        for views, sids in self._looking().items():
            alike[views.intersection(changed)] += sids
        beats = [self._a_beat] if beat else []
        for views, sids in alike.items():
            if views or beats:
                parts = [(view.state, changed[view]) for view in views]
                await self._to_tabs.vars([*parts, *beats], to=sids)

    def _looking(self) -> Mapping[frozenset[SharedView], list[str]]:
        """The tabs by what they look at."""
        looking: dict[frozenset[SharedView], list[str]] = defaultdict(list)
        for sid, tab in self._tabs.items():
            looking[tab.views].append(sid)
        return looking

    async def _move(self, admitted: Sequence[Arriving]) -> None:
        """What these tabs look at from now on is sent to them, once to all who lack the same.

        Who has gone meanwhile is on the way to something else, and is not moved.
        """
        open_sids = self._to_tabs.tokens
        lacking: dict[tuple[SharedView, ...], list[str]] = defaultdict(list)
        for tab, views, afresh in [one.question for one in admitted if one.is_waiting]:
            if tab.sid not in open_sids:
                continue
            before = self._tabs.get(tab.sid)
            had = frozenset() if afresh or before is None else before.views
            tab.views = self._sets.setdefault(frozenset(views), frozenset(views))
            self._tabs[tab.sid] = tab
            lacking[tuple(view for view in views if view not in had)].append(tab.sid)
        beats = [self._a_beat] if self.age_of_synchronisation < FRESH_SECONDS else []
        for views, sids in lacking.items():
            parts = [(view.state, self._shown[view]) for view in views]
            await self._to_tabs.vars([*parts, *beats], to=sids)
        for one in admitted:
            one.answer(None)

    @property
    def _a_beat(self) -> tuple[type[rx.State], Vars]:
        return BeatState, {"beat": self._beat}

    async def _reauthorise(self, session: AsyncSession) -> None:
        """End the tabs of sessions that have ended, and of people whose rights have changed."""
        secrets = {tab.secret for tab in self._tabs.values()}
        holders = await sessions.holders(self._desk, session, secrets)
        for tab in list(self._tabs.values()):
            viewer = holders.get(tab.secret)
            if viewer != tab.viewer:
                del self._tabs[tab.sid]
                await self._send_away(tab, is_signed_out=viewer is None)

    async def _read_unseen(self, session: AsyncSession, views: tuple[SharedView, ...]) -> None:
        """Read the views that nobody looks at yet; when that fails, nothing has changed."""
        unseen = [view for view in views if view not in self._shown]
        self._shown |= {view: await view.read(session, {}) for view in unseen}

    async def _send_away(self, tab: Tab, *, is_signed_out: bool) -> None:
        if is_signed_out:
            login = {"login": routes.login(error="ended")}
            await self._to_tabs.order(Order.SIGN_IN_AGAIN, login, to=tab.sid)
        else:
            await self._to_tabs.order(Order.RELOAD, to=tab.sid)

    def has_tab(self, token: str) -> bool:
        """Whether the tab of this token is connected to this process."""
        return token in self._to_tabs.tokens.values()

    def _forget_closed_tabs(self) -> None:
        """A tab whose account is gone hears nothing more, even if its socket should still stand."""
        open_sids = self._to_tabs.tokens
        measures.open_tabs.set(len(open_sids))
        measures.bus_unheard.set(not self._desk.is_heard())
        self._tabs = {sid: tab for sid, tab in self._tabs.items() if sid in open_sids}
        self._sets = {views: views for views in self._looking()}
        watched = {view for views in self._sets for view in views}
        self._shown = {view: shown for view, shown in self._shown.items() if view in watched}


_current: Live | None = None


def install(live: Live | None) -> None:
    """Called once by the lifespan of each process."""
    global _current
    _current = live


def live() -> Live:
    if _current is None:
        raise RuntimeError("The live desk has not been started.")
    return _current
