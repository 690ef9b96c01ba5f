"""What is kept for a tab is its session's alone, in memory and in Redis."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx
from redis.asyncio import Redis
from reflex.app import EventNamespace
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.utils.token_manager import RedisTokenManager
from reflex_base.utils.format import format_event_handler

from escalation_app.db.engine import Database
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.domain.vocabulary import Role
from escalation_app.services import people, sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import settings
from escalation_app.state import guard, tabs
from escalation_app.state.impatient_redis import impatient
from escalation_app.state.states_in_redis import StatesInRedis
from escalation_app.state.tabs import Tabs
from escalation_app.state.webhook_secret import SecretState
from escalation_app.state.workspace import WorkspaceState
from tests.servers.redis_server import RedisServer

SHOWN = "whsec_shown_to_lina"
CLAIM = format_event_handler(WorkspaceState.event_handlers["claim"])


class Sockets:
    """The framework's namespace without a network, guarded as in the program."""

    def __init__(self, manager: StateManager) -> None:
        self.manager = manager
        self.told: list[tuple[str, Any, str]] = []
        self.heard: list[tuple[str, str]] = []
        app: Any = SimpleNamespace(_state=rx.State, state_manager=manager, _event_processor=None)
        self.namespace = EventNamespace("/_event", app)
        self.namespace.emit = self._emit  # type: ignore[method-assign]
        self.namespace.on_event = self._on_event  # type: ignore[method-assign]
        self.tabs = Tabs(self.namespace, lambda: manager)
        self.namespace.link_token_to_sid = self.tabs.link  # type: ignore[method-assign]

    async def _emit(self, event: str, data: Any, *, to: str) -> None:
        self.told.append((event, data, to))

    async def _on_event(self, sid: str, data: Any) -> None:
        self.heard.append((self.token_of(sid), data["name"]))

    async def opens(self, secret: str, token: str) -> str:
        """A socket connects with this cookie and token. Returns its number."""
        sid, cookie = uuid4().hex, f"{settings().cookie_name}={secret}" if secret else "other=x"
        scope = {"headers": [(b"cookie", cookie.encode())], "client": ("::1", 1)}
        await self.tabs.connect(sid, {"QUERY_STRING": f"token={token}", "asgi.scope": scope})
        return sid

    async def closes(self, sid: str) -> None:
        await self.tabs.disconnect(sid)

    def token_of(self, sid: str) -> str:
        return self.namespace.sid_to_token[sid]

    async def shows(self, token: str, secret: str) -> None:
        async with self.manager.modify_state(BaseStateToken(ident=token, cls=SecretState)) as root:
            (await root.get_state(SecretState)).said = secret

    async def all_of(self, sid: str) -> str:
        """All that hydrating would send to this socket."""
        whole = BaseStateToken(ident=self.token_of(sid), cls=rx.State)
        async with self.manager.modify_state(whole) as root:
            return str(root.dict())


@pytest.fixture(params=["memory", "redis"])
async def manager(request: pytest.FixtureRequest) -> AsyncIterator[StateManager]:
    if request.param == "memory":
        made: StateManager = StateManagerMemory()
    else:
        made = StateManagerRedis(redis=Redis.from_url(request.getfixturevalue("redis_server").url))
    yield made
    await made.close()


@pytest.fixture
def database_url(sqlite_blueprint: Path, tmp_path: Path) -> str:
    """One is enough: it is about what is kept beside the database."""
    return f"sqlite:///{shutil.copy(sqlite_blueprint, tmp_path / 'desk.db')}"


@pytest.fixture
def sockets(manager: StateManager, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Sockets:
    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(tabs, "LINGER_SECONDS", 0.0)
    return Sockets(manager)


@pytest.fixture
async def lina(desk: Desk) -> str:
    return await session_of_new_person(desk, "lina", Role.BUILDER)


@pytest.fixture
async def omar(desk: Desk) -> str:
    return await session_of_new_person(desk, "omar", Role.SUPERVISOR)


async def session_of_new_person(desk: Desk, name: str, role: Role) -> str:
    await people.create_person(desk, name, name.capitalize(), role, "a good password")
    secret, _ = await sessions.sign_in(desk, name, "a good password", "::1")
    return secret


async def a_closed_tab(sockets: Sockets, secret: str) -> str:
    """A tab that was shown a secret and lost its connection. Returns its token."""
    token = str(uuid4())
    sid = await sockets.opens(secret, token)
    await sockets.shows(token, SHOWN)
    await sockets.closes(sid)
    return token


async def test_who_reconnects_goes_on_where_they_were(sockets: Sockets, lina: str) -> None:
    token = await a_closed_tab(sockets, lina)
    again = await sockets.opens(lina, token)
    assert sockets.token_of(again) == token
    assert SHOWN in await sockets.all_of(again)


async def test_the_next_person_in_the_same_tab_is_given_nothing_of_it(
    sockets: Sockets, lina: str, omar: str
) -> None:
    token = await a_closed_tab(sockets, lina)
    other = await sockets.opens(omar, token)
    assert SHOWN not in await sockets.all_of(other)
    assert sockets.token_of(other) != token
    assert ("new_token", sockets.token_of(other), other) in sockets.told


async def test_who_is_not_signed_in_is_given_nothing_of_it(sockets: Sockets, lina: str) -> None:
    token = await a_closed_tab(sockets, lina)
    nobody = await sockets.opens("", token)
    assert SHOWN not in await sockets.all_of(nobody)


async def test_a_session_that_has_ended_is_given_nothing_of_it(
    sockets: Sockets, lina: str, desk: Desk
) -> None:
    token = await a_closed_tab(sockets, lina)
    await sessions.sign_out(desk, lina)
    ended = await sockets.opens(lina, token)
    assert SHOWN not in await sockets.all_of(ended)


async def test_after_a_sign_out_nothing_is_kept(sockets: Sockets, lina: str, desk: Desk) -> None:
    token = str(uuid4())
    sid = await sockets.opens(lina, token)
    await sockets.shows(token, SHOWN)
    await sessions.sign_out(desk, lina)
    await sockets.closes(sid)
    async with sockets.manager.modify_state(BaseStateToken(ident=token, cls=rx.State)) as root:
        assert SHOWN not in str(root.dict())


async def test_a_session_that_ends_meanwhile_takes_along_what_was_kept(
    sockets: Sockets, lina: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = str(uuid4())
    sid = await sockets.opens(lina, token)
    await sockets.shows(token, SHOWN)
    await sessions.sign_out(desk, lina)
    monkeypatch.setattr(tabs, "LOOK_AGAIN_SECONDS", 0.0)
    await sockets.tabs.event(sid, {"name": CLAIM, "payload": {"case_id": 1}})
    assert sockets.heard == [(sockets.token_of(sid), CLAIM)]
    assert sockets.token_of(sid) != token
    assert SHOWN not in await sockets.all_of(sid)


async def test_who_reconnects_while_the_database_is_away_goes_on_too(
    sockets: Sockets, lina: str, omar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await a_closed_tab(sockets, lina)

    def away(_: Database) -> None:
        raise DeskUnavailable

    monkeypatch.setattr(Database, "reading", away)
    other = await sockets.opens(omar, token)
    assert SHOWN not in await sockets.all_of(other)


async def test_an_open_tab_loses_nothing_to_who_knows_its_token(
    sockets: Sockets, lina: str, omar: str
) -> None:
    token = str(uuid4())
    hers = await sockets.opens(lina, token)
    await sockets.shows(token, SHOWN)
    his = await sockets.opens(omar, token)
    assert SHOWN not in await sockets.all_of(his)
    assert SHOWN in await sockets.all_of(hers)


async def test_an_open_tab_loses_nothing_to_who_knows_its_token_and_asks_another_process(
    redis_server: RedisServer, lina: str, omar: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_desk", desk)
    processes = [Sockets(StateManagerRedis(Redis.from_url(redis_server.url))) for _ in range(2)]
    for one in processes:
        one.namespace._token_manager = RedisTokenManager(Redis.from_url(redis_server.url))
    token = str(uuid4())
    hers = await processes[0].opens(lina, token)
    await processes[0].shows(token, SHOWN)
    his = await processes[1].opens(omar, token)
    assert SHOWN not in await processes[1].all_of(his)
    assert SHOWN in await processes[0].all_of(hers)
    for one in processes:
        await one.namespace._token_manager.close()
        await one.manager.close()


async def test_who_signs_in_and_comes_to_another_process_keeps_what_they_do_there(
    redis_server: RedisServer, desk: Desk, lina: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(tabs, "LINGER_SECONDS", 0.0)
    one, two = (
        Sockets(StatesInRedis(impatient(Redis.from_url(redis_server.url)))) for _ in range(2)
    )
    at_the_door = await one.opens("", str(uuid4()))
    # The browser goes on with the token that it was given at the door.
    token = one.token_of(at_the_door)
    hers = await two.opens(lina, token)
    await two.shows(two.token_of(hers), SHOWN)
    await one.closes(at_the_door)
    assert SHOWN in await two.all_of(hers)
    for process in (one, two):
        await process.manager.close()


async def test_of_who_is_not_signed_in_nothing_at_all_stays_in_redis(
    redis_server: RedisServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(tabs, "LINGER_SECONDS", 0.0)
    redis = impatient(Redis.from_url(redis_server.url))
    sockets = Sockets(StatesInRedis(redis))
    before = {key async for key in redis.scan_iter()}
    sid = await sockets.opens("", str(uuid4()))
    await sockets.shows(sockets.token_of(sid), "shown to nobody")
    await sockets.closes(sid)
    assert {key async for key in redis.scan_iter()} <= before
    await sockets.manager.close()


async def test_of_who_is_not_signed_in_nothing_stays_here_while_redis_is_away(
    redis_server: RedisServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_desk", desk)
    monkeypatch.setattr(tabs, "LINGER_SECONDS", 0.0)
    manager = StatesInRedis(impatient(Redis.from_url(redis_server.url)))
    sockets = Sockets(manager)
    redis_server.kill()
    sid = await sockets.opens("", str(uuid4()))
    await sockets.shows(sockets.token_of(sid), "shown to nobody")
    assert manager._here.states
    await sockets.closes(sid)
    assert not manager._here.states
    redis_server.start()
    await manager.close()


async def test_nothing_is_kept_of_who_is_not_signed_in(sockets: Sockets) -> None:
    manager = sockets.manager
    sid = await sockets.opens("", str(uuid4()))
    assert await _kept(manager, sockets.token_of(sid)) == 0
    await sockets.tabs.client_error(sid, {"error_type": "x", "message": "y"})
    await sockets.shows(sockets.token_of(sid), "x" * 1000)
    token = sockets.token_of(sid)
    await sockets.closes(sid)
    assert await _kept(manager, token) < 1000


async def _kept(manager: StateManager, token: str) -> int:
    """How many characters of what was entered are kept for the tab."""
    if isinstance(manager, StateManagerMemory):
        return len(str(manager.states.get(token) or ""))
    assert isinstance(manager, StateManagerRedis)
    keys = [key async for key in manager.redis.scan_iter(f"{token}*{SecretState.get_name()}")]
    return sum([len(await manager.redis.get(key) or b"") for key in keys])
