"""A tab's line: what goes over it, and how it ends."""

import asyncio
from typing import Any

import pytest
from engineio import AsyncServer
from engineio.packet import MESSAGE, Packet
from socketio import AsyncServer as SocketServer
from starlette.types import Message

from escalation_app.state import transport
from escalation_app.state.socket import hear_only_pages


class Browser:
    """The other end of one line."""

    def __init__(self, server: AsyncServer) -> None:
        self.server = server
        self.heard: list[str] = []
        self.is_closed = False
        # Cleared, it takes nothing that is sent to it.
        self.takes = asyncio.Event()
        self.takes.set()
        self._says: asyncio.Queue[Message] = asyncio.Queue()
        self._line = asyncio.create_task(self._open())

    @property
    def socket(self) -> Any:
        return next(iter(self.server.sockets.values()))

    async def __aenter__(self) -> "Browser":
        await self.until(lambda: self.heard)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._line.cancel()
        await asyncio.gather(self._line, return_exceptions=True)

    def says(self, text: str) -> None:
        self._says.put_nowait({"type": "websocket.receive", "text": text})

    def leaves(self) -> None:
        self._says.put_nowait({"type": "websocket.disconnect"})

    async def is_let_go(self) -> None:
        """Raises TimeoutError if it is not."""
        async with asyncio.timeout(5):
            # Whoever is cancelled may go on as if it had been let go.
            await asyncio.shield(self._line)
        assert not self.server.sockets

    async def until(self, holds: Any) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110 - looked at from outside
                await asyncio.sleep(0.005)

    async def _open(self) -> None:
        self._says.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "path": "/",
            "query_string": b"EIO=4&transport=websocket",
            "headers": [(b"connection", b"upgrade"), (b"upgrade", b"websocket")],
        }
        await self.server.handle_request(scope, self._says.get, self._hear)

    async def _hear(self, message: Message) -> None:
        await self.takes.wait()
        if message["type"] == "websocket.send":
            self.heard.append(message["text"])
        self.is_closed |= message["type"] == "websocket.close"


def server(*, interval: float = 30.0, timeout: float = 30.0) -> AsyncServer:
    made = AsyncServer(
        async_mode="asgi", ping_interval=interval, ping_timeout=timeout, async_handlers=False
    )
    transport.carry(made)
    return made


async def test_all_that_is_queued_comes_in_its_order() -> None:
    async with Browser(server()) as browser:
        for number in range(5):
            await browser.socket.send(Packet(MESSAGE, str(number)))
        await browser.until(lambda: len(browser.heard) == 6)
    assert browser.heard[1:] == [f"4{number}" for number in range(5)]


async def test_what_the_tab_says_is_heard_also_after_something_that_failed() -> None:
    desk, heard = server(), list[str]()

    async def take(_sid: str, text: str) -> None:
        heard.append(text)
        if text == "broken":
            raise TimeoutError

    desk.on("message", take)
    async with Browser(desk) as browser:
        for text in ("4before", "4broken", "4after"):
            browser.says(text)
        await browser.until(lambda: "after" in heard)
    assert heard == ["before", "broken", "after"]


async def test_who_answers_is_asked_again_and_kept() -> None:
    async with Browser(server(interval=0.05, timeout=0.1)) as browser:
        for times in range(1, 6):
            await browser.until(lambda times=times: browser.heard.count("2") == times)
            browser.says("3")
        assert not browser.is_closed


async def test_a_silent_line_ends() -> None:
    async with Browser(server(interval=0.05, timeout=0.1)) as browser:
        await browser.is_let_go()
        assert browser.is_closed


async def test_what_a_tab_asks_for_may_take_longer_than_a_silence() -> None:
    desk, heard = server(interval=0.05, timeout=0.05), list[str]()

    async def think(_sid: str, text: str) -> None:
        await asyncio.sleep(0.3)
        heard.append(text)

    desk.on("message", think)
    async with Browser(desk) as browser:
        browser.says("4long")
        await browser.until(lambda: heard)


@pytest.mark.parametrize(
    "nonsense",
    ["", "x", "9", "7x", "0", "2", "5", "4" + "[" * 100_000, "4" + "x" * 1_000_001],
    ids=lambda nonsense: nonsense[:3],
)
async def test_nonsense_ends_the_line_without_a_word_in_the_log(
    nonsense: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Browser(server()) as browser:
        browser.says(nonsense)
        await browser.is_let_go()
    assert not caplog.records


async def test_who_was_hung_up_on_is_not_listened_to_any_more() -> None:
    desk, heard = server(), list[str]()

    async def take(sid: str, text: str) -> None:
        heard.append(text)
        await desk.disconnect(sid)

    desk.on("message", take)
    async with Browser(desk) as browser:
        for _ in range(3):
            browser.says("4more")
        await browser.is_let_go()
    assert heard == ["more"]


async def test_who_leaves_is_told_as_gone_once() -> None:
    desk, gone = server(), list[str]()
    desk.on("disconnect", lambda sid, _reason: gone.append(sid))
    async with Browser(desk) as browser:
        sid = browser.socket.sid
        browser.leaves()
        await browser.is_let_go()
    assert gone == [sid]


async def test_who_takes_nothing_any_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Browser(server(interval=0.05, timeout=0.1)) as browser:
        stuck = asyncio.Event()
        sending = transport.Line.send

        async def send(line: Any, message: str) -> None:
            await (stuck.wait() if message == "4more" else sending(line, message))

        monkeypatch.setattr(transport.Line, "send", send)
        await browser.socket.send(Packet(MESSAGE, "more"))
        await browser.is_let_go()


async def test_who_takes_nothing_and_says_they_are_there_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = server(interval=0.05, timeout=0.1)
    async with Browser(desk) as browser:
        stuck = asyncio.Event()

        async def send(_line: Any, _message: str) -> None:
            await stuck.wait()

        monkeypatch.setattr(transport.Line, "send", send)
        for _ in range(transport.MOST_UNSENT + 2):
            await browser.socket.send(Packet(MESSAGE, "more"))
        while desk.sockets:
            browser.says("3")
            await asyncio.sleep(0.01)
        await browser.is_let_go()


async def test_who_does_not_even_take_a_goodbye_is_let_go() -> None:
    async with Browser(server(interval=0.05, timeout=0.1)) as browser:
        browser.takes.clear()
        await browser.socket.send(Packet(MESSAGE, "more"))
        await browser.is_let_go()


async def test_who_has_not_taken_the_answers_is_not_asked_what_else_they_want() -> None:
    desk, heard = server(), list[str]()

    async def answer(sid: str, text: str) -> None:
        heard.append(text)
        await desk.send(sid, "x" * transport.MOST_UNSENT_CHARACTERS)

    desk.on("message", answer)
    async with Browser(desk) as browser:
        browser.takes.clear()
        for number in range(5):
            browser.says(f"4{number}")
        await asyncio.sleep(0.5)
        # One answer is on its way, one waits, and the next would be too much.
        assert heard == ["0", "1", "2"]
        browser.takes.set()
        await browser.until(lambda: len(heard) == 5)


async def test_all_sockets_are_looked_after_in_one_go() -> None:
    desk = server(interval=30, timeout=0.05)
    async with Browser(desk) as gone, Browser(desk) as here:
        ended, kept = desk.sockets.values()
        ended.last_ping, kept.last_ping = 1.0, None
        await gone.until(lambda: ended.closed)
        await here.until(lambda: ended.sid not in desk.sockets)
        assert not kept.closed


async def test_who_takes_nothing_and_is_hung_up_on_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = SocketServer(async_mode="asgi", async_handlers=False)
    hear_only_pages(desk)
    transport.carry(desk.eio)
    async with Browser(desk.eio) as browser:
        stuck = asyncio.Event()

        async def send(_line: Any, _message: str) -> None:
            await stuck.wait()

        monkeypatch.setattr(transport.Line, "send", send)
        for _ in range(3):
            await browser.socket.send(Packet(MESSAGE, "more"))
        browser.says("4x")
        await browser.is_let_go()
