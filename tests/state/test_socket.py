"""What the socket lets in."""

from types import SimpleNamespace
from typing import Any

import pytest
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from hypothesis import given
from hypothesis import strategies as st
from reflex.app import EventNamespace
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from escalation_app.settings import settings
from escalation_app.state.guard import secret_of
from escalation_app.state.socket import (
    EVENTS,
    at_once,
    hear_only_pages,
    is_ours,
    is_token,
    only_tabs,
    or_hang_up,
)

FROM_OUR_PAGE = {"HTTP_ORIGIN": settings().public_url}
TAB = "0b9fd8a4-7f55-4a8c-9b0e-2f4f8a2f7a11"


class Server:
    """The framework's socket server with one tab, which hears only what pages send."""

    def __init__(self) -> None:
        self.desk = AsyncServer(async_mode="asgi", async_handlers=False)
        self.namespace = EventNamespace("/_event", SimpleNamespace())  # type: ignore[arg-type]
        self.heard: list[Any] = []
        self.namespace.on_event = self._hear  # type: ignore[method-assign]
        self.desk.register_namespace(self.namespace)
        hear_only_pages(self.desk)
        self.tab = self.desk.eio.sockets["eio"] = AsyncSocket(self.desk.eio, "eio")

    async def connects(self) -> None:
        await self.desk.manager.connect("eio", "/_event")

    async def _hear(self, _sid: str, data: Any) -> None:
        self.heard.append(data)

    async def hears(self, sent: str | bytes) -> None:
        await self.tab.receive(EnginePacket(MESSAGE, sent))


async def test_what_our_pages_send_gets_through(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    await server.connects()
    for sent in (
        '2/_event,["event",{"name":"x"}]',
        '2/_event,["ping"]',
        '2/_event,["client_error",{"message":"x"}]',
        '2/_event,["event",{"name":"y"}]',
    ):
        await server.hears(sent)
    assert server.heard == [{"name": "x"}, {"name": "y"}]
    assert not server.tab.closed
    assert not caplog.records


@pytest.mark.parametrize(
    "sent",
    [
        '5100000-/_event,["event",{"_placeholder":true,"num":0}]',
        "6",
        "2/_event,{nope",
        '2/_event,["event",' + "[" * 100_000,
        "2" + "9" * 200,
        "3/_event,1[]",
        "4/_event,",
        "9",
        "x",
        b"x",
        b'2/_event,["event",{}]',
        "",
        "2/_event,",
        "2/_event,null",
        "2/_event,{}",
        '2/_event,"event"',
        "2/_event,[]",
        "2/_event,[{}]",
        "2/_event,[[]]",
        "2/_event,[null]",
        '2/_event,["connect",{}]',
        '2/_event,["disconnect"]',
        '2/_event,["other"]',
        '2/_event,["event"]',
        '2/_event,["event",{},2]',
        '2/_event,["ping",1]',
        '2/_event,["client_error"]',
        '2/_event,["client_error",{},2]',
        '2["event"]',
        # Engine.IO reads what is JSON as a whole.
        [1],
        {"a": 1},
        2.0,
        None,
    ],
)
async def test_whoever_sends_what_no_page_does_is_let_go_without_a_word_in_the_log(
    sent: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server()
    await server.connects()
    await server.hears(sent)
    assert server.tab.closed
    assert not server.heard
    assert not server.desk._binary_packet
    assert not caplog.records


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([*EVENTS, "x"]),
        lambda one: (
            st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=3), one, max_size=2)
        ),
    )
)
def test_no_shape_of_an_event_is_a_fault(data: Any) -> None:
    is_ours(data)


async def test_what_fails_within_the_desk_ends_no_line() -> None:
    async def fail(_eio: str, _data: str) -> None:
        raise ValueError("a fault of ours")

    async def hang_up(_eio: str) -> None:
        raise AssertionError("let go")

    with pytest.raises(ValueError, match="of ours"):
        await or_hang_up(fail, hang_up)("eio", "2")


@pytest.mark.parametrize(
    "query", ["", "token=", "token=x", f"token={TAB}&token={TAB}", "token=" + "x" * 900]
)
async def test_who_names_no_tab_is_not_connected(query: str) -> None:
    async def connect(*_: Any) -> None:
        raise AssertionError("connected")

    with pytest.raises(Refused):
        await only_tabs(connect)("sid", FROM_OUR_PAGE | {"QUERY_STRING": query})


@pytest.mark.parametrize(
    "environ", [{}, {"HTTP_ORIGIN": ""}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "http://x"}]
)
async def test_who_comes_from_no_page_of_ours_is_not_connected(environ: dict[str, str]) -> None:
    connected: list[str] = []

    async def connect(sid: str, *_: Any) -> None:
        connected.append(sid)

    tab = {"QUERY_STRING": f"token={TAB}"}
    with pytest.raises(Refused):
        await only_tabs(connect)("stranger", tab | environ)
    await only_tabs(connect)("tab", tab | FROM_OUR_PAGE)
    assert connected == ["tab"]


@given(st.uuids())
def test_every_browsers_token_is_one(token: Any) -> None:
    assert is_token(str(token))


@given(st.text(max_size=80))
def test_no_text_breaks_the_check(text: str) -> None:
    is_token(text)


@pytest.mark.parametrize("to", ["everybody", ["first", "second"], ["second", "nobody"], "first"])
async def test_who_is_sent_something_gets_what_the_library_would_send(to: str | list[str]) -> None:
    server = AsyncServer(async_mode="asgi")
    sids = {}
    for name in ("first", "second", "third"):
        server.eio.sockets[name] = AsyncSocket(server.eio, name)
        sids[name] = await server.manager.connect(name, "/_event")
        await server.enter_room(sids[name], "everybody", namespace="/_event")
    rooms = sids.get(to, to) if isinstance(to, str) else [sids.get(one, one) for one in to]

    def queued() -> dict[str, list[str]]:
        return {
            name: [one.queue.get_nowait().encode() for _ in range(one.queue.qsize())]
            for name, one in server.eio.sockets.items()
        }

    data = {"delta": {"state": {"rows": ["\u201cone\u201d", 2]}}}
    await server.emit("event", data, to=rooms, namespace="/_event")
    by_the_library = queued()
    server.manager.emit = at_once(server)
    await server.emit("event", data, to=rooms, namespace="/_event")
    assert queued() == by_the_library
    assert any(by_the_library.values())


async def test_a_closed_socket_keeps_nothing_from_the_others() -> None:
    server = AsyncServer(async_mode="asgi")
    for name in ("closed", "open"):
        server.eio.sockets[name] = AsyncSocket(server.eio, name)
        await server.enter_room(await server.manager.connect(name, "/"), "everybody")
    closed, other = server.eio.sockets.values()
    closed.closed = True
    server.manager.emit = at_once(server)
    await server.emit("event", {}, to="everybody")
    assert other.queue.qsize() == 1


def test_the_framework_still_dispatches_as_the_guard_expects() -> None:
    assert hasattr(AsyncServer, "_handle_event")
    handlers = {name.removeprefix("on_") for name in dir(EventNamespace) if name.startswith("on_")}
    assert handlers == {"connect", "disconnect", *EVENTS}


@pytest.mark.parametrize(
    "others", ['{"a":1}=x', "bare", "a b=c", "x[y]=1", 'foo="unclosed', "=novalue"]
)
def test_another_applications_odd_cookie_does_not_hide_ours(others: str) -> None:
    assert secret_of(f"{others}; {settings().cookie_name}=ours; z=1") == "ours"
