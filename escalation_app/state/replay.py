"""The draft tried on stored conversations, beside what is published."""

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from weakref import WeakValueDictionary

import reflex as rx

from escalation_app import routes
from escalation_app.domain.people import Permission
from escalation_app.domain.snapshots import iso
from escalation_app.services.replay import Basis, Effect, Replayed, Verdict, replay
from escalation_app.state.arguments import how_many
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.live import live
from escalation_app.state.verdicts import name_of

CHANGES = (Effect.NOW, Effect.NO_LONGER, Effect.OTHERWISE)
# A tab that is away for longer does not come back for its result.
GONE_AFTER = 10.0
# The offline detector judges faster than it makes sense to ask whether to go on.
ASK_EVERY = 0.05

# A tab's second replay waits for the end of its first.
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class ReplayedRow:
    """One conversation; `published` and `draft` say what each makes of it, in words."""

    conversation_id: int = 0
    about: str = ""
    href: str = ""
    effect: str = ""
    published: str = ""
    draft: str = ""
    detector: str = ""


class ReplayState(rx.State):
    """`run` names the replay that may still write here; cancelling takes the name away.

    `ran_on` and `ran_at` tell which settings were replayed and when; `mark` is theirs.
    """

    running: bool = False
    done: int = 0
    total: int = 0
    rows: list[ReplayedRow] = []
    unchanged: int = 0
    finished: bool = False
    mark: str = ""
    ran_on: str = ""
    ran_at: str = ""
    _run: int = 0

    @rx.event(background=True)
    @permits(Permission.CONFIGURE)
    async def start(self, form: dict[str, str]) -> None:
        """Judge the last so many conversations anew; one result after the other appears."""
        last = how_many(form.get("last"))
        async with self:
            self._run += 1
            run, tab = self._run, self.router.session.client_token
            self.running, self.finished = True, False
            self.done, self.total, self.unchanged, self.rows = 0, last, 0, []
            self.mark = self.ran_on = self.ran_at = ""
        try:
            async with _turns.setdefault(tab, asyncio.Lock()):
                await self._replay(last, _Attention(self, run, tab))
        except NobodyWaits:
            pass
        finally:
            async with self:
                if self._run == run:
                    self.running = False

    @rx.event
    @permits(Permission.CONFIGURE)
    async def cancel(self) -> None:
        """What was judged so far stays."""
        self._run += 1
        self.running = False

    async def _replay(self, last: int, attention: "_Attention") -> None:
        await attention.must_last()
        async with aclosing(replay(desk(), viewer(), last, attention.must_last)) as judged:
            async for progress in judged:
                async with self:
                    attention.must_be_named()
                    self.done, self.total = progress.done, progress.total
                    self._tell(progress.basis)
                    self._take(progress.replayed)
        async with self:
            attention.must_be_named()
            self.finished = True

    def _tell(self, basis: Basis) -> None:
        self.mark, self.ran_at = basis.mark, iso(basis.at)
        self.ran_on = f"draft revision {basis.revision} beside version {basis.version}"

    def _take(self, one: Replayed) -> None:
        if one.effect not in CHANGES:
            self.unchanged += 1
            return
        self.rows = [
            *self.rows,
            ReplayedRow(
                conversation_id=one.conversation_id,
                about=one.about,
                href=routes.conversation(one.queue.value, one.conversation_id),
                effect=one.effect.value,
                published=in_words(one.published),
                draft=in_words(one.draft),
                detector=name_of(one.detector),
            ),
        ]


class NobodyWaits(Exception):
    """The replay was cancelled or started anew, or its tab is gone."""


class _Attention:
    """Whether somebody still waits for a replay."""

    def __init__(self, state: ReplayState, run: int, tab: str) -> None:
        self._state, self._run, self._tab = state, run, tab
        self._seen = time.monotonic()
        self._asked = 0.0

    async def must_last(self) -> None:
        """Raises NobodyWaits."""
        now = time.monotonic()
        if now - self._asked < ASK_EVERY:
            return
        self._asked = now
        if live().has_tab(self._tab):
            self._seen = now
        elif now - self._seen > GONE_AFTER:
            raise NobodyWaits
        async with self._state:
            self.must_be_named()

    def must_be_named(self) -> None:
        if self._state._run != self._run:
            raise NobodyWaits


def in_words(verdict: Verdict | None) -> str:
    if verdict is None:
        return "Does not escalate"
    found = verdict.detection
    return f"{found.trigger}, {found.urgency.value}, {found.topic} · {found.area}. {found.reason}"
