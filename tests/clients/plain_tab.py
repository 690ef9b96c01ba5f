"""A tab without a browser: it speaks the pages' protocol, and keeps what it was sent as they do."""

import asyncio
import contextlib
import json
import ssl
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import websockets
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from escalation_app.state.browser_events import TAKER, Order

ROOT = "reflex___state____state"
OURS = f"{ROOT}.escalation_app___state___"
WORKSPACE = f"{OURS}workspace____workspace_state"
SCREEN = f"{OURS}screen____"
FIELD = "_rx_state_"
# As the page judges its line (assets/client/connection.js).
STALE_SECONDS, GIVEN_UP_SECONDS, ASK_SECONDS = 5.0, 10.0, 3.0
# As the framework's client retries: a little longer with each failure.
RETRY_SECONDS, MOST_RETRIES = 0.2, 10
# The page gives up a socket that is not answered while the desk answers (assets/client/reconnect.js).
HANDSHAKE_SECONDS = 3.0
# So long it waits to be shown something by a desk that could serve it; then for twice as long.
PATIENCE_SECONDS, MOST_PATIENCE_SECONDS = 5.0, 20.0
# To make one takes 30 ms of a core. A hundred tabs that ask at once would all stand still meanwhile.
TLS = ssl.create_default_context()

Delta = dict[str, dict[str, Any]]
OnUpdate = Callable[["PlainTab", Delta], None]


async def signed_in(address: str, name: str, password: str = "demo") -> str:
    """The cookie of a new session, as a header's value."""
    async with httpx.AsyncClient(verify=TLS) as client:
        form = {"username": name, "password": password}
        answer = await client.post(f"{address}/auth/sign-in", data=form)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert "=" in cookie, answer.text
    return cookie


class PlainTab:
    """One tab of one session. It stays on its line, and comes back to it, until it is closed.

    `state` holds the vars of each substate as they were last sent; `on_update` hears of each change.
    """

    def __init__(
        self,
        address: str,
        cookie: str,
        path: str = "/queue/published?view=all",
        on_update: OnUpdate = lambda _tab, _delta: None,
    ) -> None:
        self.address, self.cookie, self.path = address, cookie, path
        self.token = str(uuid4())
        self.state: Delta = {}
        self.told: list[str] = []
        self.frames = self.bytes_received = self.connections = 0
        self.is_signed_out = False
        self._on_update = on_update
        self._line: ClientConnection | None = None
        self._running: asyncio.Task[None] | None = None
        self._heard_at = self._asked_at = self._set_out_at = float("-inf")
        self._patience = PATIENCE_SECONDS
        self._lost_at = time.monotonic()
        self._was_connected = False
        self._asking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "PlainTab":
        await self.open()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def open(self, within: float = 30.0) -> None:
        """Return once the list and a heartbeat are there.

        Raises:
            TimeoutError: They did not come within so many seconds.
        """
        self._running = asyncio.create_task(self._stay())
        async with asyncio.timeout(within):
            while not (self.is_live and self._has_list):
                if self._running.done():
                    await self._running
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, *self._asking, return_exceptions=True)
        if self._line is not None:
            await self._line.close()

    async def send(self, handler: str, payload: dict[str, Any] | None = None) -> None:
        """An event of the page; a bare name is one of the workspace's.

        Raises:
            ConnectionError: The line is down.
        """
        name = handler if "." in handler else f"{WORKSPACE}.{handler}"
        if self._line is None:
            raise ConnectionError("the tab has no line")
        packet = json.dumps(["event", self._event(name, payload or {})])
        try:
            await self._line.send(f"42/_event,{packet}")
        except websockets.ConnectionClosed as closed:
            raise ConnectionError(str(closed)) from closed

    # ------------------------------------------------------------------ what the screen shows

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The list as it stands on the screen."""
        vars_ = self.vars("rows_state")
        places = vars_.get(f"order{FIELD}") or []
        return [vars_[f"slot_{place}"] | vars_[f"slot_{place}_now"] for place in places]

    @property
    def counts(self) -> dict[str, int]:
        names = ("waiting", "all", "completed")
        return {name: self.vars("counts_state")[f"{name}{FIELD}"] for name in names}

    @property
    def beat(self) -> int:
        return int(self.vars("beat_state").get(f"beat{FIELD}", 0))

    @property
    def seq(self) -> int:
        """The number of the last timeline entry that this tab has heard of."""
        return int(self.vars("feed_state").get(f"seq{FIELD}", 0))

    def vars(self, screen_state: str) -> dict[str, Any]:
        """The pushed vars of a state of the screen, such as `rows_state`."""
        return self.state.get(f"{SCREEN}{screen_state}", {})

    @property
    def port(self) -> int:
        """The port that its line comes from; 0 without a line."""
        return int(self._line.local_address[1]) if self._line is not None else 0

    @property
    def is_live(self) -> bool:
        """Heard by heartbeat lately, on a line that stands."""
        return self._line is not None and time.monotonic() - self._heard_at < STALE_SECONDS

    @property
    def indicator(self) -> str:
        """What the page's indicator would say now."""
        now = time.monotonic()
        if self.is_live:
            self._was_connected = True
            return "Connected"
        if self._was_connected:
            self._lost_at, self._was_connected = now, False
        return "Reconnecting" if now - self._lost_at < GIVEN_UP_SECONDS else "Disconnected"

    @property
    def _has_list(self) -> bool:
        return f"order{FIELD}" in self.vars("rows_state")

    # ------------------------------------------------------------------ the line

    async def _stay(self) -> None:
        failures = 0
        while not self.is_signed_out:
            try:
                await self._live_on_one_line()
                failures = 0
            except InvalidStatus as refused:
                if refused.response.status_code in (400, 401, 403):
                    raise
            except (OSError, TimeoutError, EOFError, websockets.WebSocketException):
                pass
            finally:
                self._line = None
            failures = min(failures + 1, MOST_RETRIES)
            await asyncio.sleep(RETRY_SECONDS * failures)

    async def _live_on_one_line(self) -> None:
        socket = self.address.replace("http", "ws", 1)
        url = f"{socket}/_event/?token={self.token}&EIO=4&transport=websocket"
        headers = {"Cookie": self.cookie, "Origin": self.address}
        self._set_out_at = time.monotonic()
        async with connect(
            url,
            additional_headers=headers,
            ping_interval=None,
            max_size=None,
            open_timeout=HANDSHAKE_SECONDS,
        ) as line:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                await line.recv()
            await line.send(f"40/_event,{json.dumps({'event': self._boot()})}")
            self._line, self.connections = line, self.connections + 1
            looking = asyncio.create_task(self._look_after())
            try:
                async for frame in line:
                    await self._hear(line, str(frame))
            finally:
                looking.cancel()

    async def _hear(self, line: ClientConnection, frame: str) -> None:
        self.frames += 1
        self.bytes_received += len(frame.encode())
        if frame == "2":
            await line.send("3")
        elif frame.startswith("42/_event,"):
            kind, content = json.loads(frame.removeprefix("42/_event,"))
            if kind == "event":
                self._take(content)
            elif kind == "new_token":
                self.token = content

    def _take(self, update: dict[str, Any]) -> None:
        delta: Delta = update.get("delta") or {}
        for name, changed in delta.items():
            self.state.setdefault(name, {}).update(changed)
        if f"{SCREEN}beat_state" in delta:
            self._heard_at, self._patience = time.monotonic(), PATIENCE_SECONDS
        for event in update.get("events") or []:
            self._obey(event)
        self._on_update(self, delta)

    def _obey(self, event: dict[str, Any]) -> None:
        """What the server has the browser do: sign in again, load anew, say a sentence."""
        if event["name"] != "_set_value" or event["payload"]["ref"] != TAKER:
            return
        order, data = (event["payload"]["value"][name] for name in ("name", "data"))
        leads_to_login = order == Order.REDIRECT and "/login" in data["path"]
        if order == Order.SIGN_IN_AGAIN or leads_to_login:
            self.is_signed_out = True
        elif order == Order.RELOAD:
            self._later(self._load_anew())
        elif order == Order.TOAST:
            self.told.append(data["text"])

    async def _load_anew(self) -> None:
        self.state = {}
        if self._line is not None:
            await self._line.close()

    async def _look_after(self) -> None:
        """A tab that hears nothing asks whether the desk could serve it."""
        while True:
            await asyncio.sleep(0.5)
            now = time.monotonic()
            if self.indicator != "Connected" and now - self._asked_at > ASK_SECONDS:
                self._asked_at = now
                self._later(self._ask(self._line))

    async def _ask(self, line: ClientConnection | None) -> None:
        """If it could, a line that has been silent for long is given up for a new one."""
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(verify=TLS, timeout=4) as client:
                answer = await client.get(f"{self.address}/readyz")
            waited = time.monotonic() - max(self._heard_at, self._set_out_at)
            if answer.status_code == 200 and waited > self._patience and line is not None:
                self._patience = min(2 * self._patience, MOST_PATIENCE_SECONDS)
                await line.close()

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def _boot(self) -> dict[str, Any]:
        return self._event(f"{ROOT}.hydrate_and_load", {"vars": {}})

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        router = {"pathname": self.path.partition("?")[0], "asPath": self.path}
        return {"name": name, "payload": payload, "router_data": router}
