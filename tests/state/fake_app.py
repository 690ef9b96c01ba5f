"""The framework as far as pushes go: which tabs are open, and what each tab's screen shows."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from escalation_app.domain.credentials import SignInSession, digest
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Viewer
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services.desk import Desk
from escalation_app.state.arrivals import Tab
from escalation_app.state.live import Live
from escalation_app.state.views import SharedView, views_of

EVERYTHING = QueueFilter(view=View.ALL)


class FakeApp:
    def __init__(self) -> None:
        self.updates: dict[str, list[Any]] = {}
        self.event_namespace = SimpleNamespace(sid_to_token={}, emit=self.emit)

    async def emit(self, _event: str, update: Any, *, to: Sequence[str]) -> None:
        for sid in to:
            self.updates.setdefault(sid, []).append(update)

    def sent(self, sid: str) -> str:
        """All that went to this tab, as text."""
        return "".join(str(update) for update in self.updates.get(sid, []))

    def screen(self, sid: str) -> dict[str, Any]:
        """What the tab shows: all deltas laid over each other, the rows in their order."""
        vars_of: dict[str, dict[str, Any]] = {}
        for update in self.updates.get(sid, []):
            for state, delta in update.delta.items():
                name = state.rsplit(".", 1)[-1]
                held = vars_of.setdefault(name, {})
                held |= {key.removesuffix("_rx_state_"): value for key, value in delta.items()}
        rows = vars_of.pop("escalation_app___state___screen____rows_state", {})
        order = rows.get("order", [])
        shown = [rows[f"slot_{slot}"] | rows[f"slot_{slot}_now"] for slot in order]
        case = vars_of.get("escalation_app___state___screen____case_state", {})
        for name in ("messages", "timeline"):
            count = case.pop(f"{name}_count", 0)
            parts = [case.pop(f"slot_{name}_{place}") for place in range(count)]
            case |= {name: parts} if case else {}
        return vars_of | {"rows": shown, "has_more": rows.get("has_more")}

    async def signs_in(self, desk: Desk, who: Viewer, sid: str) -> None:
        """A tab of this number connects, with a session of this person."""
        now = desk.clock()
        async with desk.database.transaction() as session:
            session.add(
                SignInSession(
                    token_hash=digest(sid),
                    person_id=who.person_id,
                    created_at=now,
                    last_seen_at=now,
                )
            )
        self.event_namespace.sid_to_token[sid] = sid

    async def looks(
        self,
        desk: Desk,
        live: Live,
        who: Viewer,
        chosen: QueueFilter = EVERYTHING,
        case_id: int | None = None,
        sid: str = "",
        views: tuple[SharedView, ...] | None = None,
    ) -> str:
        """Somebody signs in and opens the published queue, or looks at these views. Returns the tab's number."""
        sid = sid or who.name.lower()
        await self.signs_in(desk, who, sid)
        views = views or views_of(who, Queue.PUBLISHED, chosen, 50, case_id)
        await live.show(Tab(sid, sid, who), views, afresh=True)
        return sid


def without_feed(screen: dict[str, Any]) -> dict[str, Any]:
    """The feed counts on from whenever its view was first shown, the beat from the start."""
    return {
        name: held for name, held in screen.items() if "feed" not in name and "beat" not in name
    }


def everything_of(who: Viewer) -> tuple[SharedView, ...]:
    """The published queue's view of all cases."""
    return views_of(who, Queue.PUBLISHED, EVERYTHING, 50, None)
