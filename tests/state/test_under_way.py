"""Over a tab's line comes only so much at once; what handlers ask for in turn waits for nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx
from reflex.app import EventNamespace
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import BaseState
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from escalation_app.settings import settings
from escalation_app.state import admission
from escalation_app.state.tabs import Tabs
from escalation_app.state.under_way import MOST_OF_A_LINE

FLOOD = 3 * MOST_OF_A_LINE


class Desk:
    """The framework's own dispatch and processor, behind the door, with four things to ask for."""

    def __init__(self, processor: BaseStateEventProcessor, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.ended = list[str](), list[str]()
        self.may_end = asyncio.Event()
        self.processor = processor
        manager = StateManagerMemory()
        app: Any = SimpleNamespace(
            _state=None,
            state_manager=manager,
            _event_processor=processor,
            event_processor=processor,
            router=lambda _path: None,
        )
        namespace = EventNamespace("/_event", app)
        self.tabs = Tabs(namespace, lambda: manager)
        namespace.link_token_to_sid = self.tabs.link  # type: ignore[method-assign]
        namespace.emit = self._emit  # type: ignore[method-assign]
        self.namespace = namespace
        self.names = self._handlers()
        names = frozenset(self.names.values())
        monkeypatch.setattr(admission, "_names", lambda _is_signed_in: names)

    async def _emit(self, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def _handlers(self) -> dict[str, str]:
        desk = self

        class AskedState(BaseState):
            @rx.event
            async def one(self) -> None:
                await desk.takes_its_time("one")

            @rx.event
            async def chain(self) -> Any:
                await desk.takes_its_time("chain")
                return AskedState.one

            @rx.event
            async def behind(self) -> Any:
                desk.begun.append("behind")
                return AskedState.beside

            @rx.event(background=True)
            async def beside(self) -> None:
                await desk.takes_its_time("beside")

            @rx.event
            async def fails(self) -> None:
                raise ValueError("a fault of ours")

        handlers = AskedState.event_handlers
        return {name: format_event_handler(handlers[name]) for name in handlers}

    async def takes_its_time(self, name: str) -> None:
        self.begun.append(name)
        await self.may_end.wait()
        self.ended.append(name)

    async def opens(self, token: str = "") -> str:
        """A tab connects. Returns its socket's number."""
        sid, cookie = uuid4().hex, f"{settings().cookie_name}=".encode()
        scope = {"headers": [(b"cookie", cookie)], "client": ("::1", 1)}
        query = f"token={token or uuid4()}"
        await self.tabs.connect(sid, {"QUERY_STRING": query, "asgi.scope": scope})
        return sid

    async def asks(self, sid: str, name: str, times: int = 1) -> None:
        """As the reader of one line does: the next when the one before was taken."""
        for _ in range(times):
            await self.tabs.event(sid, {"name": self.names.get(name, name)})

    def floods(self, sid: str, name: str) -> asyncio.Task[None]:
        return asyncio.create_task(self.asks(sid, name, FLOOD))

    @property
    def taken(self) -> int:
        """How much has been taken from outside and has not ended, and what came of it."""
        return sum(not future.done() for future in self.processor._futures.values())

    @property
    def is_at_rest(self) -> bool:
        return not (
            self.processor._futures or self.processor._token_queues or self.processor._tasks
        )

    async def until(self, holds: Any) -> None:
        async with asyncio.timeout(10):
            while not holds():  # noqa: ASYNC110 - looked at from outside
                await asyncio.sleep(0.001)


@asynccontextmanager
async def desk_of(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    # What is registered here is not there for other tests.
    with RegistrationContext.get().fork():
        async with BaseStateEventProcessor().configure() as processor:
            yield Desk(processor, monkeypatch)


async def settled() -> None:
    for _ in range(10 * FLOOD):
        await asyncio.sleep(0)


async def test_a_flood_is_taken_little_by_little_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk_of(monkeypatch) as desk:
        flood = desk.floods(await desk.opens(), "one")
        await settled()
        assert desk.taken == MOST_OF_A_LINE
        maria = await desk.opens()
        await asyncio.wait_for(desk.asks(maria, "one"), 5)
        await desk.until(lambda: len(desk.begun) == 2)
        desk.may_end.set()
        await asyncio.wait_for(flood, 10)
        await desk.until(lambda: desk.is_at_rest)
        assert desk.ended == ["one"] * (FLOOD + 1)


async def test_a_flood_of_events_that_ask_for_another_comes_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk_of(monkeypatch) as desk:
        hostile = await desk.opens()
        flood = desk.floods(hostile, "chain")
        await settled()
        assert desk.taken == MOST_OF_A_LINE
        desk.may_end.set()
        await asyncio.wait_for(flood, 10)
        await asyncio.wait_for(desk.asks(hostile, "one"), 5)
        await desk.until(lambda: desk.is_at_rest)
        assert sorted(desk.ended) == ["chain"] * FLOOD + ["one"] * (FLOOD + 1)


async def test_what_goes_on_beside_the_tab_is_of_its_line_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk_of(monkeypatch) as desk:
        flood = desk.floods(await desk.opens(), "behind")
        await desk.until(lambda: desk.begun.count("beside") >= MOST_OF_A_LINE)
        await settled()
        assert desk.begun.count("beside") == MOST_OF_A_LINE
        desk.may_end.set()
        await asyncio.wait_for(flood, 10)
        await desk.until(lambda: desk.is_at_rest)
        assert desk.ended == ["beside"] * FLOOD


async def test_what_is_not_taken_or_fails_takes_nobodys_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk_of(monkeypatch) as desk:
        maria = await desk.opens()
        await asyncio.wait_for(desk.asks(maria, "no.such_handler", FLOOD), 10)
        await asyncio.wait_for(desk.asks(maria, "fails", FLOOD), 10)
        await desk.until(lambda: desk.is_at_rest)
        await asyncio.wait_for(desk.asks(maria, "one"), 5)
        await desk.until(lambda: desk.begun == ["one"])


@pytest.mark.parametrize("asked", ["one", "chain", "behind"])
async def test_a_line_that_ends_in_a_flood_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: str
) -> None:
    async with desk_of(monkeypatch) as desk:
        sid, before = await desk.opens(), caplog.records.copy()
        token = desk.namespace.sid_to_token[sid]
        flood = desk.floods(sid, asked)
        await settled()
        assert not flood.done()
        leaving = desk.tabs.disconnect(sid)
        # The reader goes on at once, and nothing of what it still reads comes in.
        taken = desk.taken
        await asyncio.wait_for(flood, 5)
        assert desk.taken == taken
        desk.may_end.set()
        await desk.until(lambda: desk.is_at_rest)
        assert not desk.tabs._sockets
        desk.ended.clear()
        again = await desk.opens(token)
        await asyncio.wait_for(desk.asks(again, "one", FLOOD), 10)
        await desk.until(lambda: desk.is_at_rest)
        assert desk.ended == ["one"] * FLOOD
        assert caplog.records == before
        leaving.cancel()


async def test_a_reader_that_is_ended_in_a_flood_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk_of(monkeypatch) as desk:
        sid = await desk.opens()
        flood = desk.floods(sid, "chain")
        await settled()
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)
        desk.may_end.set()
        await desk.until(lambda: desk.is_at_rest)
        await asyncio.wait_for(desk.asks(sid, "one", FLOOD), 10)


async def test_the_framework_says_when_an_event_and_what_it_asked_for_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with desk_of(monkeypatch) as desk:
        event = Event(name=desk.names["chain"])
        ended: Any = await desk.processor.enqueue("tab", event)
        await desk.until(lambda: desk.begun == ["chain"])
        assert not ended.done()
        assert not ended.children
        desk.may_end.set()
        await asyncio.wait_for(ended, 5)
        [child] = ended.children
        await asyncio.wait_for(child, 5)
        assert desk.ended == ["chain", "one"]
