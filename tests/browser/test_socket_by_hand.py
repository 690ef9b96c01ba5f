"""Somebody speaks to the socket without our page."""

import json
import sqlite3
import uuid
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from escalation_app.domain.refusals import InvalidInput
from tests.browser.events import a_case_arrives
from tests.clients.hand_socket import HandSocket
from tests.servers.program import Program

ROOT = "reflex___state____state"
OURS = f"{ROOT}.escalation_app___state___"
WORKSPACE = f"{OURS}workspace____workspace_state"
CONVERSATION = f"{OURS}conversation____conversation_state"
MARKED = '<reflex.Var>{"x":1}</reflex.Var>'


def cookie_of(program: Program, name: str) -> str:
    answer = httpx.post(
        f"{program.address}/auth/sign-in", data={"username": name, "password": "demo"}
    )
    return answer.headers["set-cookie"].partition(";")[0]


def connected(program: Program, cookie: str, token: str = "") -> HandSocket:
    """A socket as a tab of this token opens it."""
    token = token or str(uuid.uuid4())
    url = f"{program.address.replace('http', 'ws')}/_event/?token={token}&EIO=4&transport=websocket"
    socket = HandSocket(url, {"Cookie": cookie, "Origin": program.address})
    socket.receive(5)
    socket.send("40/_event,")
    return socket


def send(
    socket: HandSocket, name: str, payload: dict[str, Any], path: str = "/queue/published"
) -> None:
    router = {"pathname": path.partition("?")[0], "asPath": path}
    event = {"name": name, "payload": payload, "router_data": router}
    socket.send(f"42/_event,{json.dumps(['event', event])}")


def speak(
    program: Program,
    cookie: str,
    name: str,
    payload: dict[str, Any],
    path: str = "/queue/published",
    token: str = "",
) -> str:
    """Send one event by hand and return all that is answered."""
    socket = connected(program, cookie, token)
    try:
        send(socket, name, payload, path)
        return socket.everything()
    finally:
        socket.close()


def statuses(program: Program) -> list[Any]:
    with sqlite3.connect(program.database_url.removeprefix("sqlite:///")) as database:
        # Not the version: a case that becomes overdue meanwhile gets another one.
        return database.execute("select id, status from escalation order by id").fetchall()


@pytest.mark.parametrize("name", ["", "lina"])
def test_who_may_not_claim_changes_nothing_and_is_told(program: Program, name: str) -> None:
    before = statuses(program)
    cookie = cookie_of(program, name) if name else ""
    heard = speak(program, cookie, f"{WORKSPACE}.claim", {"case_id": 1})
    assert statuses(program) == before
    assert ("may not claim" if name else "sign in again") in heard


@pytest.mark.parametrize(
    "payload",
    [{"case_id": "1; drop table"}, {"case_id": None}, {}, {"case_id": 10**30}, {"x": {"y": []}}],
)
def test_arguments_of_the_wrong_kind_are_answered_with_a_sentence(
    program: Program, payload: dict[str, Any]
) -> None:
    before = statuses(program)
    heard = speak(program, cookie_of(program, "maria"), f"{WORKSPACE}.claim", payload)
    assert statuses(program) == before
    assert "toast" in heard


def test_nobody_signed_in_is_pushed_nothing(program: Program) -> None:
    heard = speak(program, "", f"{WORKSPACE}.load", {})
    assert "slot_" not in heard
    assert "/login" in heard


def test_another_site_cannot_open_the_socket(program: Program) -> None:
    url = f"{program.address.replace('http', 'ws')}/_event/?EIO=4&transport=websocket"
    with pytest.raises(InvalidStatus, match=r"40\d"):
        HandSocket(url, {"Origin": "https://evil.example"})


def test_who_signs_out_hears_nothing_more_over_an_open_line(program: Program) -> None:
    cookie = cookie_of(program, "maria")
    socket = connected(program, cookie)
    try:
        send(socket, f"{WORKSPACE}.load", {}, "/queue/published?view=all")
        while "slot_" not in str(socket.receive(5)):
            pass
        httpx.post(f"{program.address}/auth/sign-out", headers={"Cookie": cookie})
        while "/login" not in str(socket.receive(6)):
            pass
        a_case_arrives(program, reason="After she has left")
        heard = []
        while (frame := socket.receive(2.5)) is not None:
            heard.append(str(frame))
        assert "After she has left" not in "".join(heard)
    except ConnectionClosed:
        pass
    finally:
        socket.close()


def test_a_profile_that_no_screen_can_show_is_refused(program: Program) -> None:
    for profile in ({"name": "ok", "k": "\ud800"}, {"name": "a\x00"}, {"k": [[[[[[[[[[1]]]]]]]]]]}):
        with pytest.raises(InvalidInput, match="profile"):
            a_case_arrives(program, profile=profile)


def test_no_text_hangs_the_server(program: Program) -> None:
    """A refusal quotes a name that the framework would take for one of its variables."""
    names = {"kind": "x", "queue": "preview", "names": [MARKED, MARKED], "values": ["1", "2"]}
    lina = cookie_of(program, "lina")
    heard = speak(program, lina, f"{CONVERSATION}.start", names, "/conversation")
    assert "reflex.Var" in heard
    assert httpx.get(f"{program.address}/healthz", timeout=5).status_code == 200


def test_what_no_page_sends_is_neither_answered_nor_logged(program: Program) -> None:
    report = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    maria, before = cookie_of(program, "maria"), program.log.stat().st_size
    speak(program, maria, "nosuch.handler", {"password": "hunter2"})
    speak(program, "", report, {"info": "by nobody", "component_stack": "x" * 500_000})
    speak(program, maria, report, {"info": "FORGED\nERROR x\x1b[31m", "component_stack": ""})
    written = program.log.read_bytes()[before:].decode()
    assert "hunter2" not in written
    assert "by nobody" not in written
    assert "ERROR x" not in written
    assert "a page reported an error" in written


def test_nothing_is_kept_of_what_nobody_sends(program: Program) -> None:
    stored = {f"{WORKSPACE}.remembered_published": "x" * 900_000}
    speak(program, "", f"{ROOT}.hydrate_and_load", {"vars": stored})
    before = program.memory()
    for _ in range(60):
        socket = connected(program, "")
        send(socket, f"{ROOT}.hydrate_and_load", {"vars": stored})
        while "is_hydrated" not in str(socket.receive(10)):
            pass
        socket.close()
    assert program.memory() - before < 40_000_000


@pytest.mark.parametrize(
    "sent",
    [
        '451-/_event,["event",{"_placeholder":true,"num":0}]',
        # One's leave by hand, as if the framework took it.
        '42/_event,["disconnect"]',
        "42/_event,[{}]",
        '42/_event,["event"]',
        '42/_event,["event",{},2]',
        '42/_event,["ping",1]',
        "4[1]",
        '4{"a":1}',
        "4",
        "9",
        "4" + "[" * 100_000,
    ],
    ids=lambda sent: sent[:25],
)
def test_what_no_page_sends_ends_the_line_and_is_not_logged(program: Program, sent: str) -> None:
    before = program.log.stat().st_size
    socket = connected(program, "")
    try:
        socket.send(sent)
        # Engine.IO's word for the end, or the end itself.
        assert socket.everything().split("\n")[-1] in ("1", "closed")
    finally:
        socket.close()
    assert b"rror" not in program.log.read_bytes()[before:]


@pytest.mark.parametrize("name", ["", "maria"])
def test_a_flood_of_page_loads_comes_to_its_end(program: Program, name: str) -> None:
    """Each of them asks for others; what comes after them is answered."""
    socket = connected(program, cookie_of(program, name) if name else "")
    try:
        for _ in range(100):
            send(socket, f"{ROOT}.hydrate_and_load", {"vars": {}})
        send(socket, f"{WORKSPACE}.claim", {"case_id": None})
        assert socket.hears_of("toast", 60)
    finally:
        socket.close()
