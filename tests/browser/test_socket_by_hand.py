"""Somebody speaks to the socket without our page."""

import json
import sqlite3
import uuid
from typing import Any

import httpx
import pytest
from simple_websocket import Client, ConnectionClosed

from escalation_app.domain.refusals import InvalidInput
from tests.browser.events import a_case_arrives
from tests.servers.program import Program

WORKSPACE = "reflex___state____state.escalation_app___state___workspace____workspace_state"


def cookie_of(program: Program, name: str) -> str:
    answer = httpx.post(
        f"{program.address}/auth/sign-in", data={"username": name, "password": "demo"}
    )
    return answer.headers["set-cookie"].partition(";")[0]


def speak(program: Program, cookie: str, name: str, payload: dict[str, Any]) -> str:
    """Send one event by hand and return all that is answered within a second and a half."""
    url = f"{program.address.replace('http', 'ws')}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    headers = {"Cookie": cookie, "Origin": program.address}
    socket = Client.connect(url, headers=headers)
    heard = []
    try:
        socket.receive(5)
        socket.send("40/_event,")
        socket.receive(5)
        router = {"pathname": "/queue/published", "asPath": "/queue/published"}
        event = {"name": name, "payload": payload, "router_data": router}
        socket.send(f"42/_event,{json.dumps(['event', event])}")
        while (frame := socket.receive(1.5)) is not None:
            heard.append(str(frame))
    except ConnectionClosed:
        heard.append("closed")
    finally:
        socket.close()
    return "\n".join(heard)


def statuses(program: Program) -> list[Any]:
    with sqlite3.connect(program.database_url.removeprefix("sqlite:///")) as database:
        return database.execute("select id, status, version from escalation order by id").fetchall()


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
    with pytest.raises(Exception, match=r"40\d"):
        Client.connect(url, headers={"Origin": "https://evil.example"})


def test_who_takes_their_leave_by_hand_and_signs_out_hears_nothing_more(program: Program) -> None:
    cookie = cookie_of(program, "maria")
    url = f"{program.address.replace('http', 'ws')}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    socket = Client.connect(url, headers={"Cookie": cookie, "Origin": program.address})
    try:
        socket.receive(5)
        socket.send("40/_event,")
        router = {"pathname": "/queue/published", "asPath": "/queue/published?view=all"}
        event = {"name": f"{WORKSPACE}.load", "payload": {}, "router_data": router}
        socket.send(f"42/_event,{json.dumps(['event', event])}")
        while "slot_" not in str(socket.receive(5)):
            pass
        socket.send('42/_event,["disconnect"]')
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
