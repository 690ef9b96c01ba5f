"""Plain tabs of each server: they speak its protocol, note when bytes arrive, and read no more than
which case has which status."""

import asyncio
import contextlib
import html
import json
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

# How each server writes a row; what is shown of NiceGUI and others has these two side by side.
ROW = re.compile(r'"id":\s*(\d+),\s*"status":\s*"(\w+)"')
PING, PONG = "2", "3"
BOOT = "reflex___state____state.hydrate_and_load"
BEAT = "beat_state"
# A heartbeat that came along with a change.
BEAT_PART = re.compile(r'"[^"]*beat_state":\s*\{[^}]*\},?\s*')
# As the framework's client retries: a little longer with each failure.
RETRY_SECONDS, MOST_RETRIES = 0.2, 10
# As the desk's pages ask meanwhile whether it answers, and then set out at once
# (assets/client/reconnect.js, connection.js): so often, so much apart, and so exactly.
ASK_SECONDS, SPREAD_SECONDS, LOOK_SECONDS = 0.5, 0.3, 0.25


class CountedLine(ClientConnection):
    """Notes what comes from the network before anything reads it."""

    arrived_at = 0.0
    received = 0

    def data_received(self, data: bytes) -> None:
        self.arrived_at = time.monotonic()
        self.received += len(data)
        super().data_received(data)


@dataclass
class Watch:
    """What a tab is to see, in this order, and when it saw each."""

    expected: list[tuple[int, str]]
    seen_at: list[float] = field(default_factory=list)
    goal: dict[int, str] = field(default_factory=dict)
    right_at: float | None = None
    frames: int = 0
    received: int = 0
    heartbeat_bytes: int = 0

    def take(self, statuses: Mapping[int, str], at: float) -> None:
        while len(self.seen_at) < len(self.expected):
            case_id, status = self.expected[len(self.seen_at)]
            if statuses.get(case_id) != status:
                break
            self.seen_at.append(at)
        is_right = all(statuses.get(case_id) == status for case_id, status in self.goal.items())
        if not is_right:
            self.right_at = None
        elif self.right_at is None:
            self.right_at = at


class Tab:
    """A tab of the bare broadcast; the others differ in how they come in."""

    def __init__(self, address: str, path: str, cookie: str) -> None:
        self.address, self.path, self.cookie = address, path, cookie
        self.token = str(uuid4())
        self.statuses: dict[int, str] = {}
        self.watch = Watch([])
        self.has_list = asyncio.Event()
        self.stays = False
        self.listed_at = 0.0
        self._line: CountedLine | None = None
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Return once the list is there."""
        self._running = asyncio.create_task(self._run())
        async with asyncio.timeout(60):
            await self.has_list.wait()

    async def close(self) -> None:
        self.stays = False
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def begin(self, expected: list[tuple[int, str]]) -> None:
        self.watch = Watch(expected, goal=dict(expected))
        if self._line:
            self._line.received = 0

    @property
    def report(self) -> dict[str, Any]:
        watch = self.watch
        return {
            "seen_at": watch.seen_at,
            "right_at": watch.right_at,
            "frames": watch.frames,
            "received": self._line.received if self._line else 0,
            "heartbeats": watch.heartbeat_bytes,
        }

    async def _run(self) -> None:
        failures = 0
        while True:
            with contextlib.suppress(OSError, WebSocketException, TimeoutError, httpx.HTTPError):
                await self._live_on_one_line()
            if not self.stays:
                return
            failures = 1 if self.has_list.is_set() else min(failures + 1, MOST_RETRIES)
            self.has_list.clear()
            self.statuses.clear()
            await self._wait(RETRY_SECONDS * failures)

    async def _wait(self, seconds: float) -> None:
        """Before the next attempt."""
        await asyncio.sleep(seconds)

    async def _live_on_one_line(self) -> None:
        url, headers = await self._door()
        async with connect(
            f"{self.address.replace('http', 'ws', 1)}{url}",
            additional_headers=headers,
            ping_interval=None,
            open_timeout=20,
            max_size=None,
            # Whether it is used is the server's choice, as with a browser.
            compression="deflate",
            create_connection=CountedLine,
        ) as line:
            assert isinstance(line, CountedLine)
            self._line = line
            await self._greet(line)
            async for text in line:
                await self._hear(line, str(text))

    async def _hear(self, line: CountedLine, text: str) -> None:
        if text == PING:
            self.watch.heartbeat_bytes += len(text) + 2
            await line.send(PONG)
            return
        found = [(int(case_id), status) for case_id, status in ROW.findall(text)]
        if not found and BEAT in text and len(text) < 300:
            self.watch.heartbeat_bytes += len(text) + (2 if len(text) < 126 else 4)
            return
        self.watch.frames += 1
        if beat := BEAT_PART.search(text):
            self.watch.heartbeat_bytes += len(beat[0])
        if found:
            self.statuses.update(found)
            self.watch.take(self.statuses, line.arrived_at)
            if len(self.statuses) >= 50 and not self.has_list.is_set():
                self.listed_at = line.arrived_at
                self.has_list.set()

    async def _door(self) -> tuple[str, dict[str, str]]:
        """Where the socket is, and the headers that it asks for."""
        return "/socket", {}

    async def _greet(self, line: ClientConnection) -> None:
        """What a tab says first."""


class ReflexTab(Tab):
    """A tab of the usual way."""

    async def _door(self) -> tuple[str, dict[str, str]]:
        headers = {"Origin": self.address} | ({"Cookie": self.cookie} if self.cookie else {})
        return f"/_event/?token={self.token}&EIO=4&transport=websocket", headers

    async def _greet(self, line: ClientConnection) -> None:
        router = {"pathname": self.path.partition("?")[0], "asPath": self.path}
        event = {"name": BOOT, "payload": {"vars": {}}, "router_data": router}
        await line.recv()
        await line.send(f"40/_event,{json.dumps({'event': event})}")


class DeskTab(ReflexTab):
    """A tab of the desk: the same, and it finds its way back as the desk's pages do."""

    _may_ask_at = 0.0

    async def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            if now >= self._may_ask_at:
                self._may_ask_at = now + ASK_SECONDS + random.uniform(0, SPREAD_SECONDS)
                if await self._is_answered(until - now):
                    return
            await asyncio.sleep(min(until - now, LOOK_SECONDS * random.uniform(0.9, 1.1)))

    async def _is_answered(self, within: float) -> bool:
        host, _, port = self.address.rpartition("//")[2].partition(":")
        ask = f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(within):
                reader, writer = await asyncio.open_connection(host, int(port))
                try:
                    writer.write(ask.encode())
                    return b" 200 " in await reader.readline()
                finally:
                    writer.close()
        return False


class NiceguiTab(Tab):
    """A tab of NiceGUI: the rows stand in its page, the socket belongs to that page."""

    async def _door(self) -> tuple[str, dict[str, str]]:
        async with httpx.AsyncClient(timeout=30) as client:
            page = html.unescape((await client.get(f"{self.address}/")).text)
        found = re.search(r"client_id['\"]?:\s*['\"]([^'\"]+)['\"]", page)
        number = re.search(r"next_message_id['\"]?:\s*(\d+)", page)
        assert found, page
        assert number, page
        self.statuses.update((int(case_id), status) for case_id, status in ROW.findall(page))
        query = f"client_id={found[1]}&next_message_id={number[1]}&implicit_handshake=true"
        query += f"&document_id={self.token}&tab_id={self.token}&EIO=4&transport=websocket"
        return f"/_nicegui_ws/socket.io/?{query}", {"Origin": self.address}

    async def _greet(self, line: ClientConnection) -> None:
        await line.recv()
        await line.send("40")
        answer = str(await line.recv())
        assert answer.startswith("40"), answer
        if len(self.statuses) >= 50:
            self.has_list.set()


KINDS: dict[str, type[Tab]] = {
    "bare": Tab,
    "desk": DeskTab,
    "reflex_usual": ReflexTab,
    "nicegui_list": NiceguiTab,
}
