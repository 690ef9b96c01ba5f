"""Every open tab is kept equal to the database, and to what its person may see."""

import contextlib
from dataclasses import replace
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from escalation_app.db import timeline
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import COMMAND_LINE, Viewer
from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn, Refusal
from escalation_app.domain.snapshots import iso
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Queue, Speaker, Status, TimelineKind, Urgency, View
from escalation_app.services import api_keys, conversations, escalations, queue, sessions, settings
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import tell_overdue
from escalation_app.state.arrivals import Tab
from escalation_app.state.live import Live
from escalation_app.state.screen import CountsState
from escalation_app.state.settings_views import KeysView
from escalation_app.state.views import CountsView, RowsView, SharedView, views_of
from tests.cast import Cast, a_case, id_of
from tests.state.fake_app import FakeApp, without_feed

FEED = "escalation_app___state___screen____feed_state"
CASE = "escalation_app___state___screen____case_state"
MINE = "escalation_app___state___screen____mine_state"
KEYS = "escalation_app___state___screen____keys_state"
COUNTS = "escalation_app___state___screen____counts_state"


@pytest.mark.parametrize("view", list(View))
async def test_the_pushed_screen_equals_the_loaded_one_after_every_verb(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, view: View
) -> None:
    first = await a_case(desk, cast)
    case_id = id_of(first)
    chosen = QueueFilter(view=view)
    watching = {
        who.name: await app.looks(desk, live, who, chosen, case_id)
        for who in (cast.maria, cast.omar, cast.lina)
    }
    steps = [
        lambda: a_case(desk, cast, urgency=Urgency.CRITICAL),
        lambda: a_case(desk, cast, topic="Booking"),
        lambda: tell_overdue(replace(desk, clock=lambda: first.due_at)),
        lambda: escalations.claim(desk, cast.maria, case_id),
        lambda: conversations.add_message(
            desk, cast.lina, first.conversation_id, Speaker.USER, "Hello?"
        ),
        lambda: escalations.release(desk, cast.maria, case_id, "Mine no more."),
        lambda: escalations.claim(desk, cast.omar, case_id),
        lambda: tell_overdue(replace(desk, clock=lambda: first.due_at)),
        lambda: escalations.complete(desk, cast.omar, case_id, "a", "b"),
    ]
    for step in steps:
        await step()
        await live.synchronise()
        for who in (cast.maria, cast.omar, cast.lina):
            pushed = app.screen(watching[who.name])
            loaded = await loaded_elsewhere(
                desk, who, views_of(who, Queue.PUBLISHED, chosen, 50, case_id)
            )
            assert without_feed(pushed) == without_feed(loaded)


async def loaded_elsewhere(
    desk: Desk, who: Viewer, views: tuple[SharedView, ...]
) -> dict[str, Any]:
    """What a tab is shown that opens now, in a process where nobody looks yet."""
    app = FakeApp()
    return app.screen(await app.looks(desk, Live(app, desk), who, sid=uuid4().hex, views=views))


LISTS = {
    "all": QueueFilter(view=View.ALL),
    "waiting": QueueFilter(),
    "mine": QueueFilter(view=View.MINE),
    "completed": QueueFilter(view=View.COMPLETED),
    "in progress": QueueFilter(view=View.ALL, statuses=frozenset({Status.IN_PROGRESS})),
    "of a topic": QueueFilter(view=View.ALL, topics=frozenset({"Billing"})),
    "urgent, waiting": QueueFilter(urgencies=frozenset({Urgency.CRITICAL})),
    "searched": QueueFilter(view=View.ALL, search="charged"),
}


@pytest.mark.parametrize("seed", range(4))
async def test_lists_that_are_longer_than_a_page_stay_true_whatever_people_do(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, seed: int
) -> None:
    chance = Random(seed)
    looks = {
        (who.name, name): (who, views_of(who, Queue.PUBLISHED, chosen, 3, None))
        for who in (cast.maria, cast.omar)
        for name, chosen in LISTS.items()
    }
    for key, (who, views) in looks.items():
        await app.looks(desk, live, who, sid="-".join(key), views=views)
    cases: list[int] = []

    async def something_happens() -> None:
        if not cases or chance.random() < 0.2:
            topic, urgency = (
                chance.choice(["Billing", "Refund", "Booking"]),
                chance.choice(list(Urgency)),
            )
            cases.append(id_of(await a_case(desk, cast, topic=topic, urgency=urgency)))
            return
        who, case_id = chance.choice([cast.maria, cast.omar]), chance.choice(cases)
        do = chance.choice(["claim", "claim", "release", "complete"])
        with contextlib.suppress(Refusal):
            if do == "claim":
                await escalations.claim(desk, who, case_id)
            elif do == "release":
                await escalations.release(desk, who, case_id, "Not mine.")
            else:
                await escalations.complete(desk, who, case_id, "a", "b")

    for _ in range(25):
        for _ in range(chance.randint(1, 3)):
            await something_happens()
        await live.synchronise()
        for key, (who, views) in looks.items():
            pushed = app.screen("-".join(key))
            assert without_feed(pushed) == without_feed(await loaded_elsewhere(desk, who, views)), (
                key
            )


async def test_a_case_that_keeps_its_place_is_changed_there_and_no_list_is_read_for_it(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = id_of(await a_case(desk, cast))
    maria = await app.looks(desk, live, cast.maria)

    async def is_not_read(*_: Any) -> None:
        raise AssertionError("The list was read.")

    monkeypatch.setattr(RowsView, "read", is_not_read)
    await escalations.claim(desk, cast.maria, case_id)
    await live.synchronise()
    assert [(row["id"], row["status"], row["owner"]) for row in app.screen(maria)["rows"]] == [
        (case_id, "InProgress", "Maria")
    ]


async def test_admins_see_each_others_keys_come_be_used_and_go(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    admin = await app.looks(desk, live, cast.admin, views=(KeysView(),))
    maria = await app.looks(desk, live, cast.maria)

    async def seen() -> list[tuple[str, bool, bool]]:
        await live.synchronise()
        keys = app.screen(admin)[KEYS]["keys"]
        return [(key["label"], key["used_at"] != "", key["revoked_at"] != "") for key in keys]

    assert await seen() == []
    secret = await api_keys.create(desk, COMMAND_LINE, "agent", "platform")
    assert await seen() == [("platform", False, False)]
    await api_keys.holder_of(desk, secret)
    assert await seen() == [("platform", True, False)]
    [row] = await api_keys.listed(desk, cast.admin)
    await api_keys.revoke(desk, cast.admin, row.id)
    assert await seen() == [("platform", True, True)]
    assert "platform" not in app.sent(maria)
    assert secret not in app.sent(admin)


async def test_who_loses_a_scope_is_pushed_nothing_more_of_it(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    omar = await app.looks(desk, live, cast.omar)
    maria = await app.looks(desk, live, cast.maria)
    await _take_omars_scope(desk, cast)
    await a_case(desk, cast, reason="After the change")
    await live.synchronise()
    assert "reload" in app.sent(omar)
    assert "After the change" not in app.sent(omar)
    assert "After the change" in app.sent(maria)
    assert "reload" not in app.sent(maria)


async def test_who_asks_with_rights_of_before_is_shown_nothing(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    await a_case(desk, cast, reason="Of his old topic")
    await _take_omars_scope(desk, cast)
    omar = await app.looks(desk, live, cast.omar)
    assert "Of his old topic" not in app.sent(omar)
    assert "reload" in app.sent(omar)


async def test_who_has_signed_out_is_shown_nothing(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    maria = await app.looks(desk, live, cast.maria)
    await sessions.sign_out(desk, maria)
    await live.synchronise(beat=True)
    assert "/login" in app.sent(maria)
    app.updates.clear()
    await a_case(desk, cast)
    await live.synchronise()
    assert app.sent(maria) == ""
    views = views_of(cast.maria, Queue.PUBLISHED, QueueFilter(), 50, None)
    with pytest.raises(NotSignedIn):
        await live.show(Tab(maria, maria, cast.maria), views, afresh=True)


async def test_what_was_there_when_a_tab_opened_is_no_news_to_it(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    await a_case(desk, cast)
    maria = await app.looks(desk, live, cast.maria)
    await live.synchronise()
    assert app.screen(maria)[FEED]["created"] == 0
    await a_case(desk, cast)
    await live.synchronise()
    assert app.screen(maria)[FEED]["created"] == 1


async def test_an_entry_that_appears_late_under_a_lower_number_is_told_all_the_same(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    case = await a_case(desk, cast)
    maria = await app.looks(desk, live, cast.maria)
    async with desk.database.reading() as session:
        head = await timeline.head(session)
    async with desk.database.transaction() as session:
        session.add(_entry(case, head + 2, desk))
    await live.synchronise()
    async with desk.database.transaction() as session:
        session.add(_entry(case, head + 1, desk))
    await live.synchronise()
    assert app.screen(maria)[FEED]["changed"] == 2


async def test_an_overdue_case_is_seen_in_its_timeline_but_calls_nobody(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    case = await a_case(desk, cast)
    maria = await app.looks(desk, live, cast.maria, case_id=id_of(case))
    seq = app.screen(maria)[FEED]["seq"]
    await tell_overdue(replace(desk, clock=lambda: case.due_at))
    await live.synchronise()
    screen = app.screen(maria)
    assert (screen[FEED]["created"], screen[FEED]["changed"]) == (0, 0)
    assert await queue.missed(desk, cast.maria, Queue.PUBLISHED, QueueFilter(), seq) == 0
    newest = screen[CASE]["timeline"][-1]
    assert newest["kind"] == "overdue"
    assert newest["sentence"] == "Past its response target while pending"
    assert screen[CASE]["facts"]["due_at"] == iso(case.due_at)


async def test_a_failed_look_tells_its_news_the_next_time(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = await app.looks(desk, live, cast.maria)
    await a_case(desk, cast)
    age = live.age_of_synchronisation

    async def fails(*_: Any) -> None:
        raise DeskUnavailable

    with monkeypatch.context() as away:
        away.setattr(CountsView, "read", fails)
        with pytest.raises(DeskUnavailable):
            await live.synchronise()
    assert live.age_of_synchronisation >= age
    await live.synchronise()
    screen = app.screen(maria)
    assert len(screen["rows"]) == screen[COUNTS]["all"] == 1
    assert screen[FEED]["created"] == 1


async def test_a_claim_reads_no_case_and_no_mine_but_those_it_concerns(
    desk: Desk, cast: Cast, app: FakeApp, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed, other = id_of(await a_case(desk, cast)), id_of(await a_case(desk, cast))
    maria = await app.looks(desk, live, cast.maria, case_id=claimed)
    admin = await app.looks(desk, live, cast.admin, case_id=other)
    app.updates.clear()
    await escalations.claim(desk, cast.maria, claimed)
    await live.synchronise()
    states = {name.rsplit("____", 1)[-1] for update in app.updates[admin] for name in update.delta}
    assert states == {"rows_state", "counts_state", "feed_state"}
    assert "mine_state" in app.sent(maria)
    assert "case_state" in app.sent(maria)


async def test_what_is_said_shows_at_a_former_case_of_the_conversation_too(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    case = await a_case(desk, cast, conversation="twice")
    former = id_of(case)
    await escalations.claim(desk, cast.maria, former)
    await escalations.complete(desk, cast.maria, former, "a", "b")
    await a_case(desk, cast, conversation="twice")
    maria = await app.looks(desk, live, cast.maria, case_id=former)
    await conversations.add_message(
        desk, cast.lina, case.conversation_id, Speaker.USER, "And one thing more"
    )
    await live.synchronise()
    assert app.sent(maria).count("And one thing more") == 1


async def test_who_searches_sees_the_count_of_mine_follow_what_others_say(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    case = await a_case(desk, cast)
    await escalations.claim(desk, cast.maria, id_of(case))
    searched = QueueFilter(view=View.ALL, search="zebra")
    maria = await app.looks(desk, live, cast.maria, searched)
    assert app.screen(maria)[MINE]["mine"] == 0
    await conversations.add_message(
        desk, cast.lina, case.conversation_id, Speaker.USER, "It has a zebra on it"
    )
    await live.synchronise()
    assert app.screen(maria)[MINE]["mine"] == 1


async def test_all_that_changed_on_a_screen_and_the_heartbeat_come_in_one_message(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    case_id = id_of(await a_case(desk, cast))
    maria = await app.looks(desk, live, cast.maria, case_id=case_id)
    omar = await app.looks(desk, live, cast.omar)
    app.updates.clear()
    await escalations.claim(desk, cast.maria, case_id)
    await live.synchronise(beat=True)
    [to_maria], [to_omar] = app.updates[maria], app.updates[omar]
    states = {name.rsplit("____", 1)[-1] for name in to_maria.delta}
    assert states >= {"rows_state", "counts_state", "feed_state", "case_state", "beat_state"}
    assert not any("case_state" in name for name in to_omar.delta)


async def test_a_message_sends_itself_and_not_the_conversation_before_it(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    case = await a_case(desk, cast, said="The long story of before")
    maria = await app.looks(desk, live, cast.maria, case_id=id_of(case))
    said_before = app.screen(maria)[CASE]["messages"]
    app.updates.clear()
    await conversations.add_message(
        desk, cast.lina, case.conversation_id, Speaker.USER, "One thing more"
    )
    await live.synchronise()
    assert "The long story of before" not in app.sent(maria)
    assert app.sent(maria).count("One thing more") == 1
    assert len(said_before) == 1


async def test_a_shorter_conversation_shows_nothing_of_a_longer_one(
    desk: Desk, cast: Cast, app: FakeApp, live: Live
) -> None:
    long, short = await a_case(desk, cast), await a_case(desk, cast, said="Only this")
    for text in ("Hello?", "Is anybody there?"):
        await conversations.add_message(desk, cast.lina, long.conversation_id, Speaker.USER, text)
    maria = await app.looks(desk, live, cast.maria, case_id=id_of(long))
    assert len(app.screen(maria)[CASE]["messages"]) == 3
    views = views_of(cast.maria, Queue.PUBLISHED, QueueFilter(view=View.ALL), 50, id_of(short))
    await live.show(Tab(maria, maria, cast.maria), views, afresh=False)
    assert [said["text"] for said in app.screen(maria)[CASE]["messages"]] == ["Only this"]


def test_what_is_sent_has_the_shape_that_the_browser_reads() -> None:
    """The emit is the framework's inside: a new version of it must not pass unseen."""
    assert FIELD_MARKER == "_rx_state_"
    assert f"waiting{FIELD_MARKER}" in CountsState().dict(initial=True)[CountsState.get_full_name()]
    assert set(StateUpdate(delta={"a": {"b": 1}}).__dict__) >= {"delta", "events"}


async def _take_omars_scope(desk: Desk, cast: Cast) -> None:
    now = await settings.read(desk, cast.lina)
    others = tuple(one for one in now.draft.supervisors if one.username != "omar")
    revision = await settings.save(
        desk, cast.lina, now.revision, replace(now.draft, supervisors=others)
    )
    await settings.publish(desk, cast.lina, revision)


def _entry(case: Any, number: int, desk: Desk) -> TimelineEntry:
    return TimelineEntry(
        id=number,
        escalation_id=case.id,
        queue=case.queue,
        kind=TimelineKind.MESSAGE_ADDED,
        actor="somebody",
        at=desk.clock(),
        data={"number": 1},
    )
