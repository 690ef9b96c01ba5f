"""An admin makes and revokes keys; a key is handed to the page once, and kept by no state."""

from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx
from reflex_base.event import Event

from escalation_app.domain.refusals import KeyRefused, NoSuchKey, NotPermitted
from escalation_app.services import api_keys, people, sessions
from escalation_app.services.desk import Desk
from escalation_app.state import guard
from escalation_app.state import live as live_state
from escalation_app.state.api_keys import ApiKeysState
from escalation_app.state.browser_events import Order
from escalation_app.state.frame import FrameState
from escalation_app.state.settings_views import KeysView
from tests.cast import Cast

SIGNED_IN = {"now": ""}
LOOKED_AT: list[Any] = []


class Tab:
    """One browser's tab, whoever is signed in, driven by the events that it would send."""

    def __init__(self) -> None:
        self.root = rx.State(_reflex_internal_init=True)

    def __getitem__(self, state: type[rx.State]) -> Any:
        return self.root.get_substate(state.get_full_name().split("."))

    @property
    def page(self) -> Any:
        return self[ApiKeysState]

    async def does(self, username: str, name: str, *arguments: Any) -> Any:
        SIGNED_IN["now"] = username
        return await ApiKeysState.event_handlers[name].fn(self.page, *arguments)

    async def makes(self, username: str, label: str) -> dict[str, str]:
        """What the page is handed."""
        answer = await self.does("admin", "make", {"username": username, "label": label})
        [event] = Event.from_event_type(answer)
        assert event.payload["value"]["name"] == Order.NEW_KEY
        key: dict[str, str] = event.payload["value"]["data"]
        return key


@pytest.fixture
async def tab(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Tab:
    async def who(_desk: Desk, _secret: str | None) -> Any:
        return getattr(cast, SIGNED_IN["now"])

    async def show(_tab: Any, views: Any, **_: Any) -> None:
        LOOKED_AT[:] = views

    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(sessions, "who", who)
    monkeypatch.setattr(live_state, "_current", SimpleNamespace(show=show))
    return Tab()


async def test_a_key_is_handed_over_once_and_no_state_holds_it(desk: Desk, tab: Tab) -> None:
    await tab.does("admin", "load")
    key = await tab.makes("maria", "  her script ")
    assert (key["label"], key["username"]) == ("her script", "maria")
    assert (await api_keys.holder_of(desk, key["secret"])).viewer.name == "Maria"
    assert tab.page.made == 1
    for state in (tab.root, tab.page, tab[FrameState]):
        held = {**vars(state), **state.get_delta()}
        assert key["secret"] not in repr(held)


@pytest.mark.parametrize("label", ['"); alert(1)//', "`${x}` \\ {} </script>", "\u2028 ünï 🔑"])
async def test_whatever_a_label_says_is_a_label(tab: Tab, label: str) -> None:
    await tab.does("admin", "load")
    assert (await tab.makes("maria", label))["label"] == label.strip()


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"username", "label"}),
        ({"username": "maria", "label": " "}, {"label"}),
        ({"username": "maria", "label": "x" * 121}, {"label"}),
        ({"username": "maria", "label": ["no", "text"]}, {"label"}),
        ({"username": "nobody", "label": "script"}, {"username"}),
        ({"username": "", "label": "script"}, {"username"}),
        ({"username": {"a": 1}, "label": "nul\x00"}, {"label"}),
    ],
)
async def test_what_is_wrong_is_told_beside_its_field(
    desk: Desk, cast: Cast, tab: Tab, form: dict[str, Any], wrong: set[str]
) -> None:
    await tab.does("admin", "load")
    assert await tab.does("admin", "make", form) is None
    assert set(tab.page.problems) == wrong
    assert all(told[0].isupper() for told in tab.page.problems.values())
    assert await api_keys.listed(desk, cast.admin) == []


async def test_who_was_shut_out_while_the_page_was_open_gets_no_key(desk: Desk, tab: Tab) -> None:
    await tab.does("admin", "load")
    await people.shut_out(desk, "maria")
    await tab.does("admin", "make", {"username": "maria", "label": "her script"})
    assert tab.page.problems == {"username": "Maria was shut out for good and gets no key."}
    await tab.does("admin", "load")
    assert "maria" not in {holder.username for holder in tab.page.holders}


async def test_revoking_asks_once_more_and_names_the_key(desk: Desk, cast: Cast, tab: Tab) -> None:
    secret = await api_keys.create(desk, cast.admin, "omar", "his script")
    [row] = await api_keys.listed(desk, cast.admin)
    await tab.does("admin", "ask_to_revoke", row.id)
    assert (tab.page.asking.label, tab.page.asking.owner) == ("his script", "Omar")
    await tab.does("admin", "dismiss")
    assert (await api_keys.holder_of(desk, secret)).viewer == cast.omar
    await tab.does("admin", "ask_to_revoke", row.id)
    await tab.does("admin", "revoke")
    assert tab.page.asking.id == 0
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, secret)


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 2**70])
async def test_there_is_no_asking_about_a_key_that_is_not_there(tab: Tab, number: int) -> None:
    with pytest.raises(NoSuchKey):
        await tab.does("admin", "ask_to_revoke", number)
    with pytest.raises(NoSuchKey):
        await tab.does("admin", "revoke")


@pytest.mark.parametrize("who", ["maria", "lina"])
async def test_who_is_no_admin_is_told_so_and_looks_at_no_key(tab: Tab, who: str) -> None:
    await tab.does("admin", "load")
    assert [KeysView()] == LOOKED_AT
    assert tab[FrameState].may_manage_keys
    await tab.does(who, "load")
    assert "may not manage API keys" in tab.page.denied
    assert (tab.page.ready, tab.page.holders, LOOKED_AT) == (False, [], [])
    assert not tab[FrameState].may_manage_keys
    with pytest.raises(NotPermitted):
        await tab.does(who, "make", {"username": who, "label": "mine"})


async def test_whoever_signs_in_next_in_this_tab_is_sent_nothing_of_it(tab: Tab) -> None:
    await tab.does("admin", "load")
    assert tab.page.holders
    assert tab.page.dict() == {}
