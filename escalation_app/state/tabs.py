"""Which session each open socket belongs to, and what is kept for its tab."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from reflex.app import EventNamespace
from reflex.istate.manager import StateManager

from escalation_app import measures, request_context
from escalation_app.domain.credentials import digest
from escalation_app.domain.refusals import DeskUnavailable
from escalation_app.request_context import Cause, RequestContext
from escalation_app.services import sessions
from escalation_app.state import kept
from escalation_app.state.admission import admitted
from escalation_app.state.guard import cookie_sealed, desk, secret_of
from escalation_app.state.under_way import AppBehindTheDoor, UnderWay, coming_over

log = logging.getLogger(__name__)

# As often as the open tabs' sessions are looked at.
LOOK_AGAIN_SECONDS = 2.0
# A socket's messages wait for it, its heartbeat too.
ANSWER_SECONDS = 2.0
# What was on its way when a socket closed may still come in.
LINGER_SECONDS = 5.0


@dataclass
class Socket:
    """`session` is the digest of the secret while the session lives, and "" for nobody."""

    secret: str | None
    session: str
    looked_at: float
    under_way: UnderWay = field(default_factory=UnderWay)


class Tabs:
    """Each socket is given what is kept for its own session, and nothing of anybody else's.

    Who is not signed in begins anew with each connection, and nothing is kept for them.
    """

    def __init__(self, namespace: EventNamespace, manager: Callable[[], StateManager]) -> None:
        self._namespace = namespace
        self._manager = manager
        self._sockets: dict[str, Socket] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        # The framework's own, which these stand before.
        self._connect, self._disconnect = namespace.on_connect, namespace.on_disconnect
        self._event, self._client_error = namespace.on_event, namespace.on_client_error
        self._link = namespace.link_token_to_sid
        self._router_data = namespace._build_static_router_data
        namespace._build_static_router_data = self._without_secrets
        namespace.app = AppBehindTheDoor(namespace.app)

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> Any:
        secret = secret_of(self._router_data(sid, environ)["headers"].get("cookie", ""))
        self._sockets[sid] = Socket(secret, await session_of(secret), time.monotonic())
        try:
            return await self._connect(sid, environ, auth)
        except BaseException:
            self._sockets.pop(sid, None)
            raise

    def _without_secrets(self, sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        """What states are told of their socket: of its cookies only ours, and that sealed."""
        data, socket = self._router_data(sid, environ), self._sockets.get(sid)
        data["headers"]["cookie"] = cookie_sealed(socket.secret if socket else None)
        return data

    async def link(self, sid: str, token: str, *, update_state: bool = True) -> None:
        """Give the socket its token, or another one if what is kept for it is not the socket's."""
        session, owner = self._sockets[sid].session, ""
        if not session:
            token = await self._another_token(sid)
            update_state = False
        elif await self._namespace._token_manager.is_token_connected(token):
            # In whichever process: an open tab keeps what it has.
            token = await self._another_token(sid)
        else:
            owner = await kept.owner_of(self._manager(), token)
            if owner != session:
                await kept.forget(self._manager(), token)
            if owner not in ("", session):
                # What still runs for the other one goes on under the old token, and is not heard.
                token = await self._another_token(sid)
        await self._link(sid, token, update_state=update_state)
        if not session:
            return
        measures.sockets.labels("back" if owner == session else "new").inc()
        given = self._namespace.sid_to_token[sid]
        if (owner, given) != (session, token):
            await kept.keep_for(self._manager(), given, session)

    async def event(self, sid: str, data: Any) -> None:
        with request_context.within(RequestContext(Cause.EVENT)):
            await self._admit(sid, data)

    async def _admit(self, sid: str, data: Any) -> None:
        socket = self._sockets.get(sid)
        if socket is None:
            return
        await self._look_again(sid, socket)
        event = admitted(data, is_signed_in=bool(socket.session))
        if event is None:
            # Without what was in it: anything may be.
            log.debug("an event that our pages don't send was dropped")
            return
        if await socket.under_way.has_room():
            with coming_over(socket.under_way):
                await self._event(sid, event)

    async def client_error(self, sid: str, data: Any = None) -> None:
        socket = self._sockets.get(sid)
        if socket is not None and socket.session:
            await self._client_error(sid, data)

    def disconnect(self, sid: str, *reason: Any) -> asyncio.Task[None]:
        socket, token = self._sockets.pop(sid, None), self._namespace.sid_to_token.get(sid)
        if socket is not None:
            socket.under_way.close()
        ended = self._disconnect(sid)
        leaving = asyncio.create_task(self._leave(socket, token, ended))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        return leaving

    async def _leave(
        self, socket: Socket | None, token: str | None, ended: asyncio.Task[Any] | None
    ) -> None:
        """Forget the tab unless its session goes on, which may come back to it."""
        if ended is not None:
            await ended
        if socket is None or token is None:
            return
        await asyncio.sleep(LINGER_SECONDS)
        is_back = token in self._namespace.token_to_sid
        if is_back or (socket.session and await session_of(socket.secret)):
            return
        # Who has signed in meanwhile goes on with the token, perhaps in another process.
        if await kept.owner_of(self._manager(), token) == socket.session:
            await kept.forget(self._manager(), token)

    async def _look_again(self, sid: str, socket: Socket) -> None:
        """A session that has ended meanwhile takes what was kept for it along."""
        if time.monotonic() - socket.looked_at < LOOK_AGAIN_SECONDS:
            return
        socket.looked_at = time.monotonic()
        session = await session_of(socket.secret)
        if session == socket.session:
            return
        socket.session = session
        token = self._namespace.sid_to_token[sid]
        await self._namespace._token_manager.disconnect_token(token, sid)
        await kept.forget(self._manager(), token)
        await self.link(sid, token)

    async def _another_token(self, sid: str) -> str:
        token = str(uuid4())
        await self._namespace.emit("new_token", token, to=sid)
        return token


async def session_of(secret: str | None) -> str:
    """The digest of a secret whose session lives, else "".

    While nobody can say, who has the secret is taken for whoever had it before.
    """
    if not secret:
        return ""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            lives = await sessions.lives(desk(), secret)
    except (DeskUnavailable, TimeoutError):
        return digest(secret)
    return digest(secret) if lives else ""
