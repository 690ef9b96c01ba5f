"""No text that people write is ever taken for the framework's code."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from hypothesis import given
from hypothesis import strategies as st
from reflex.app import _sio_dumps
from reflex.state import State, StateUpdate
from reflex_base.event import Event

from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.snapshots import MessageRow
from escalation_app.escalation_app import answer_in_words
from escalation_app.state.browser_events import TAKER, Order, emptied, redirect, tell, toast
from escalation_app.state.conversation import ConversationState

PACKAGE = Path(__file__).parents[2] / "escalation_app"
# They take their arguments as code, and search them for marks of variables.
TAKES_CODE = {
    "toast",
    "redirect",
    "call_script",
    "call_function",
    "run_script",
    "set_value",
    "set_clipboard",
    "console_log",
    "window_alert",
    "download",
    "set_focus",
    "scroll_to",
    "remove_cookie",
    "remove_local_storage",
}
# A component, which is told nothing.
WHERE_TOASTS_ARE = "rx.toast.provider"
MARKED = '<reflex.Var>{"x":1}</reflex.Var>'


def taking_code(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call() if _name(node).startswith("rx.") and _name(node) != WHERE_TOASTS_ARE:
                if _name(node).split(".")[1] in TAKES_CODE:
                    yield node


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


@pytest.mark.parametrize(
    "path",
    sorted(path for path in PACKAGE.rglob("*.py") if "components" not in path.parts),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_no_handler_gives_the_framework_text_to_take_for_code(path: Path) -> None:
    assert [ast.unparse(call) for call in taking_code(path)] == []


def test_components_give_it_only_what_stands_in_the_code() -> None:
    """They are built once, before anybody has written anything."""
    told = {ast.unparse(one) for path in PACKAGE.rglob("*.py") for one in taking_code(path)}
    assert told == {
        "rx.set_value(SEARCH, '')",
        "rx.set_clipboard(text)",
        "rx.call_function(function)",
    }


def test_a_refusal_that_quotes_a_mark_is_told_as_it_stands() -> None:
    told = answer_in_words(InvalidInput("name", f"{MARKED} stands there twice."))
    events = Event.from_event_type(told)
    assert events[0].payload["value"]["data"]["text"] == f"{MARKED} stands there twice."


@given(st.text())
def test_any_text_comes_back_from_a_toast_whole(text: str) -> None:
    update = StateUpdate(events=[toast("error", text)])
    [event] = json.loads(_sio_dumps(update))["events"]
    assert event["payload"]["value"]["data"]["text"] == text


def test_what_a_screen_shows_is_sent_as_it_stands() -> None:
    state = ConversationState(_reflex_internal_init=True)  # type: ignore[call-arg]
    state.messages = [MessageRow(1, "user", MARKED, "2026-11-24T09:30:00Z")]
    state.barred = MARKED
    pushed: Any = {"state": {"slot_0": {"reason": MARKED}}}
    for delta in (state.get_delta(), state.dict(initial=True), pushed):
        assert json.dumps(MARKED) in _sio_dumps(StateUpdate(delta=delta))


@pytest.mark.parametrize(
    ("asked", "here"),
    [
        ("/queue/published", "/queue/published"),
        ("/queue/published/", "/queue/published"),
        ("/queue/published/?q=caf%C3%A9+au%20lait,x", "/queue/published?q=caf%C3%A9+au%20lait,x"),
        ("/settings?a=b#coverage", "/settings?a=b"),
    ],
)
def test_an_answer_names_the_address_that_it_was_asked_from_as_the_browser_spells_it(
    asked: str, here: str
) -> None:
    """`here` in assets/client/orders.js is compared with it, character by character."""
    state = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    router = {"pathname": asked.partition("?")[0], "asPath": asked, "query": {}, "token": "t"}
    headers = {"origin": "http://desk"}
    state.router_data = state._update_router_vars(
        router | {"sid": "s", "headers": headers, "ip": "::1"}, {}
    )
    order = redirect(state, "/login").payload["value"]
    assert order["data"] == {"origin": here, "path": "/login", "replace": False}


def sent(told: Any) -> Any:
    return Event.from_event_type(told)[0]


def test_the_browser_is_told_what_the_framework_would_tell_it() -> None:
    """Their shape is the framework's inside: a new version of it must not pass unseen."""
    assert sent(emptied("new-topic")) == sent(rx.set_value("new-topic", ""))
    theirs = sent(rx.toast.info("a", id="b")).payload["function"]
    assert theirs.startswith('(() => (refs[\'__toast\']?.["info"]("a", ')
    assert sent(tell(Order.RELOAD)).name == sent(rx.set_value("x", "")).name
    assert set(tell(Order.RELOAD).payload) == set(sent(rx.set_value("x", "")).payload)


def test_each_order_has_its_taker_on_the_page() -> None:
    client = "".join(path.read_text() for path in (PACKAGE.parent / "assets/client").glob("*.js"))
    assert f"refs.{TAKER} =" in client
    assert set(re.findall(r'(?:take\(|^  \[)"([a-z-]+)",', client, re.MULTILINE)) == set(Order)
