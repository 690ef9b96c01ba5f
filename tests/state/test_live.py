"""Whose rights change sees no more than they may, from the next synchronisation on."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from escalation_app.domain.credentials import SignInSession, digest
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Viewer
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services import settings
from escalation_app.services.desk import Desk
from escalation_app.state.live import Live, Tab
from escalation_app.state.views import views_of
from tests.cast import Cast, a_case

ALL = QueueFilter(view=View.ALL)


class FakeApp:
    """The framework as far as pushes go: who is in which room, and what each tab was sent."""

    def __init__(self) -> None:
        self.rooms: dict[str, set[str]] = {}
        self.sent: dict[str, list[str]] = {}
        self.sio = self
        self.event_namespace = SimpleNamespace(sid_to_token={}, namespace="/", emit=self.emit)

    async def enter_room(self, sid: str, room: str, **_: Any) -> None:
        self.rooms.setdefault(room, set()).add(sid)

    async def leave_room(self, sid: str, room: str, **_: Any) -> None:
        self.rooms[room].discard(sid)

    async def emit(self, _event: str, update: Any, *, to: str = "", room: str = "") -> None:
        for sid in {to} if to else set(self.rooms.get(room, ())):
            self.sent.setdefault(sid, []).append(str(update))


async def looking(desk: Desk, app: FakeApp, live: Live, who: Viewer) -> str:
    sid, now = who.name.lower(), desk.clock()
    async with desk.database.transaction() as session:
        session.add(
            SignInSession(
                token_hash=digest(sid), person_id=who.person_id, created_at=now, last_seen_at=now
            )
        )
    app.event_namespace.sid_to_token[sid] = sid
    views = views_of(who, Queue.PUBLISHED, ALL, 50, None)
    await live.show(Tab(sid, sid, who), views, afresh=True)
    app.sent[sid] = []
    return sid


async def test_who_loses_a_scope_is_pushed_nothing_more_of_it(desk: Desk, cast: Cast) -> None:
    app = FakeApp()
    live = Live(app, desk)
    await live.synchronise()
    omar = await looking(desk, app, live, cast.omar)
    maria = await looking(desk, app, live, cast.maria)
    now = await settings.read(desk, cast.lina)
    others = tuple(one for one in now.draft.supervisors if one.username != "omar")
    revision = await settings.save(
        desk, cast.lina, now.revision, replace(now.draft, supervisors=others)
    )
    await settings.publish(desk, cast.lina, revision)
    await a_case(desk, cast, reason="After the change")
    await live.synchronise()
    assert len(app.sent[omar]) == 1
    assert "reload" in app.sent[omar][0]
    assert "After the change" in "".join(app.sent[maria])
    assert "reload" not in "".join(app.sent[maria])
