"""What tabs look at beside cases: the settings, who sees what by them, the webhooks and the API keys."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.domain.vocabulary import Queue
from escalation_app.services import api_keys, webhooks
from escalation_app.services.coverage import uncovered, why_quiet
from escalation_app.services.settings_snapshots import settings_mark
from escalation_app.state.key_line import KeyLine
from escalation_app.state.news import Happened, Vars
from escalation_app.state.screen import (
    CoverageState,
    DeliveriesState,
    KeysState,
    SettingsMarkState,
)


@dataclass(frozen=True, slots=True)
class CoverageView:
    """For who may configure: a queue's cases that no supervisor of it sees, and why nothing opens one there."""

    queue: Queue

    @property
    def state(self) -> type[rx.State]:
        return CoverageState

    def concerns(self, news: Sequence[Happened], _shown: Vars) -> bool:
        return any(entry.queue is self.queue for entry, _ in news)

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        gaps = [gap for gap in await uncovered(session) if gap.queue is self.queue]
        return {
            self.queue.value: [gap.sentence for gap in gaps if gap.matters_now],
            f"{self.queue.value}_quiet": await why_quiet(session, self.queue),
        }


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Which draft and version there are. It is read anew when the settings change, not with cases."""

    @property
    def state(self) -> type[rx.State]:
        return SettingsMarkState

    def concerns(self, _news: Sequence[Happened], _shown: Vars) -> bool:
        return False

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        return {"now": await settings_mark(session)}


@dataclass(frozen=True, slots=True)
class DeliveriesView:
    """The webhooks' log and endpoints. An attempt is no news of a case, so it looks every time."""

    @property
    def state(self) -> type[rx.State]:
        return DeliveriesState

    def concerns(self, _news: Sequence[Happened], _shown: Vars) -> bool:
        return True

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        return asdict(await webhooks.log(session))


@dataclass(frozen=True, slots=True)
class KeysView:
    """The API keys: for who manages them, as the caller has checked."""

    @property
    def state(self) -> type[rx.State]:
        return KeysState

    def concerns(self, _news: Sequence[Happened], _shown: Vars) -> bool:
        """Always: keys have no entry on the timeline, and their list is short."""
        return True

    async def read(self, session: AsyncSession, _shown: Vars) -> Vars:
        keys = [asdict(KeyLine.of(key)) for key in await api_keys.rows(session)]
        return {"keys": keys, "known": True}
