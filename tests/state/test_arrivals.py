"""Tabs that come at the same moment are let look together, and each is told of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services import escalations, sessions
from escalation_app.services.desk import Desk
from escalation_app.state.arrivals import Tab
from escalation_app.state.live import Live
from escalation_app.state.views import MineView, views_of
from tests.cast import Cast, a_case, id_of
from tests.services.statements import heard
from tests.state.fake_app import EVERYTHING, FakeApp, everything_of, without_feed


def unavailable() -> Any:
    raise DeskUnavailable


def instead_of(who: Viewer, happens: Callable[[], Any]) -> Callable[..., Any]:
    """How "mine" is read, where of this person that happens first."""
    read = MineView.read

    async def reads(view: MineView, session: Any, shown: Any) -> Any:
        if view.person_id == who.person_id:
            await happens()
        return await read(view, session, shown)

    return reads


async def test_tabs_that_come_at_the_same_moment_are_shown_each_its_own(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    """After a restart all come at once. Whose session has ended is shown nothing, nor is what
    somebody else sees."""
    await a_case(desk, cast, reason="For both")
    await a_case(desk, cast, topic="Booking", reason="For maria alone")
    people = (cast.maria, cast.omar, cast.lina, cast.admin)
    comers = [(who, f"{who.name}{number}") for number in range(3) for who in people]
    for who, sid in comers:
        await app.signs_in(desk, who, sid)
    await sessions.sign_out(desk, "Omar1")
    app.updates.clear()
    with heard(desk) as statements:
        told = await asyncio.gather(
            *(
                live.show(Tab(sid, sid, who), everything_of(who), afresh=True)
                for who, sid in comers
            ),
            return_exceptions=True,
        )
    refused = {sid: one for (_, sid), one in zip(comers, told, strict=True) if one is not None}
    assert {sid: type(one) for sid, one in refused.items()} == {"Omar1": NotSignedIn}
    assert app.sent("Omar1") == ""
    assert len([one for one in statements if "FROM sign_in_session" in one]) <= 2
    for who in people:
        alone = await app.looks(desk, live, who, sid=f"{who.name} alone")
        for sid in (sid for one, sid in comers if one is who and sid not in refused):
            assert without_feed(app.screen(sid)) == without_feed(app.screen(alone))
    assert "For maria alone" not in app.sent("Omar0")


async def test_a_list_that_can_t_be_read_keeps_nobody_else_s_screen_away(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_case(desk, cast)
    people = (cast.maria, cast.omar, cast.lina)
    for who in people:
        await app.signs_in(desk, who, who.name)
    monkeypatch.setattr(MineView, "read", instead_of(cast.omar, unavailable))
    told = await asyncio.gather(
        *(
            live.show(Tab(who.name, who.name, who), everything_of(who), afresh=True)
            for who in people
        ),
        return_exceptions=True,
    )
    assert [type(one) for one in told] == [type(None), DeskUnavailable, type(None)]
    assert app.sent("Omar") == ""
    assert len(app.screen("Maria")["rows"]) == len(app.screen("Lina")["rows"]) == 1


async def test_who_is_shown_a_list_is_told_so_whatever_fails_after_it(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Omar's list can't be read, and then nothing can."""
    people = (cast.maria, cast.omar, cast.lina)
    for who in people:
        await app.signs_in(desk, who, who.name)

    async def and_nothing_more() -> None:
        monkeypatch.setattr(desk.database, "reading", unavailable)
        raise DeskUnavailable

    monkeypatch.setattr(MineView, "read", instead_of(cast.omar, and_nothing_more))
    told = await asyncio.gather(
        *(
            live.show(Tab(who.name, who.name, who), everything_of(who), afresh=True)
            for who in people
        ),
        return_exceptions=True,
    )
    shown = [app.sent(who.name) != "" for who in people]
    assert [one is None for one in told] == shown == [True, False, False]


async def test_who_was_shown_all_is_told_so_though_the_database_goes_away_then(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (cast.maria, cast.omar)
    for who in people:
        await app.signs_in(desk, who, who.name)
    reading = desk.database.reading

    @asynccontextmanager
    async def and_gone() -> AsyncIterator[AsyncSession]:
        async with reading() as session:
            yield session
        raise DeskUnavailable

    monkeypatch.setattr(desk.database, "reading", and_gone)
    async with asyncio.timeout(20):
        told = await asyncio.gather(
            *(
                live.show(Tab(who.name, who.name, who), everything_of(who), afresh=True)
                for who in people
            ),
            return_exceptions=True,
        )
    assert told == [None, None]
    assert app.sent("Maria") != "" != app.sent("Omar")


async def test_who_is_shown_a_list_does_not_wait_for_somebody_else_s(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in (cast.maria, cast.omar):
        await app.signs_in(desk, who, who.name)
    may_fail = asyncio.Event()

    async def stuck() -> None:
        await may_fail.wait()
        raise DeskUnavailable

    monkeypatch.setattr(MineView, "read", instead_of(cast.omar, stuck))
    maria, omar = (
        asyncio.create_task(
            live.show(Tab(who.name, who.name, who), everything_of(who), afresh=True)
        )
        for who in (cast.maria, cast.omar)
    )
    async with asyncio.timeout(20):
        await maria
    assert not omar.done()
    may_fail.set()
    with pytest.raises(DeskUnavailable):
        await omar


@pytest.mark.parametrize("whose", ["Maria", "Omar"])
async def test_who_went_elsewhere_while_a_list_was_read_is_not_moved_to_it(
    desk: Desk,
    cast: Cast,
    app: FakeApp,
    live: Live,
    monkeypatch: pytest.MonkeyPatch,
    whose: str,
) -> None:
    """She leaves while her own list is read, or omar's, who asked before her and whose can't be."""
    case = await a_case(desk, cast)
    preview = views_of(cast.maria, Queue.PREVIEW, EVERYTHING, 50, None)
    maria = await app.looks(desk, live, cast.maria, views=preview)
    await app.signs_in(desk, cast.omar, "omar")
    app.updates.clear()

    async def she_leaves() -> None:
        leaving.cancel()
        if whose == "Omar":
            raise DeskUnavailable

    read = cast.maria if whose == "Maria" else cast.omar
    monkeypatch.setattr(MineView, "read", instead_of(read, she_leaves))
    omar = asyncio.create_task(
        live.show(Tab("omar", "omar", cast.omar), everything_of(cast.omar), afresh=True)
    )
    leaving = asyncio.create_task(
        live.show(Tab(maria, maria, cast.maria), everything_of(cast.maria), afresh=False)
    )
    await asyncio.gather(omar, leaving, return_exceptions=True)
    assert leaving.cancelled()
    # All that was begun has ended once somebody else has been answered.
    await app.looks(desk, live, cast.lina)
    await escalations.claim(desk, cast.maria, id_of(case))
    await live.synchronise()
    assert "slot_" not in app.sent(maria)


async def test_a_tab_that_asks_twice_at_one_moment_ends_where_it_went_last(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    """Also when somebody was on the way there before it."""
    await a_case(desk, cast)
    everything = everything_of(cast.maria)
    nothing = views_of(cast.maria, Queue.PUBLISHED, QueueFilter(view=View.COMPLETED), 50, None)
    for sid in ("one", "other"):
        await app.signs_in(desk, cast.maria, sid)
    await asyncio.gather(
        live.show(Tab("other", "other", cast.maria), nothing, afresh=True),
        live.show(Tab("one", "one", cast.maria), everything, afresh=True),
        live.show(Tab("one", "one", cast.maria), nothing, afresh=True),
    )
    assert app.screen("one")["rows"] == []
    assert without_feed(app.screen("one")) == without_feed(app.screen("other"))
