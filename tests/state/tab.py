"""One tab of a person, without a browser: its own state tree, its cookie, its address."""

import inspect
from collections.abc import Iterator
from typing import Any, TypeVar

from reflex.state import State
from reflex_base.event import Event

from escalation_app.domain.credentials import SignInSession, digest
from escalation_app.domain.people import Viewer
from escalation_app.services.desk import Desk
from escalation_app.state.browser_events import Order
from escalation_app.state.conversation import ConversationState
from escalation_app.state.guard import cookie_sealed

S = TypeVar("S", bound=State)


class ConversationTab:
    """Calls handlers as the socket would; `waiting` are the events that they chained."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._root = State(_reflex_internal_init=True)
        self.waiting: list[Event] = []
        self.went_to = ""
        self.go("/conversation")

    @property
    def state(self) -> ConversationState:
        return self.substate(ConversationState)

    def substate(self, kind: type[S]) -> S:
        """The tab's own instance of a state."""
        return self._root.get_substate(kind.get_full_name().split("."))

    def go(self, address: str) -> None:
        headers = {"cookie": cookie_sealed(self._secret), "origin": "http://desk"}
        router = {
            "pathname": address.partition("?")[0],
            "asPath": address,
            "query": {},
            "token": "token",
            "sid": self._secret,
            "headers": headers,
            "ip": "::1",
        }
        self._root.router_data = self._root._update_router_vars(router, {})

    async def opens(self, address: str) -> None:
        self.go(address)
        await self.does("load")

    async def does(self, name: str, *arguments: Any) -> None:
        """Run a handler; what it chains waits."""
        result = await ConversationState.event_handlers[name].fn(self.state, *arguments)
        for event in _events(result):
            if event.name.endswith(".judge"):
                self.waiting.append(event)
            elif (order := event.payload.get("value", {})).get("name") == Order.REDIRECT:
                self.went_to = str(order["data"]["path"])
                self.go(self.went_to)

    async def settles(self) -> None:
        """Let what was chained happen."""
        while self.waiting:
            payload = self.waiting.pop(0).payload
            await self.does("judge", *payload.values())

    async def says(self, text: str, key: str = "") -> None:
        await self.does("say", self.state.conversation_id, text, key or f"key-{text[:20]!r}")

    def texts(self) -> list[str]:
        return [message.text for message in self.state.messages]


def _events(result: Any) -> Iterator[Event]:
    assert not inspect.isawaitable(result)
    if result is not None:
        yield from Event.from_event_type(result)


async def tab_of(desk: Desk, who: Viewer) -> ConversationTab:
    secret, now = who.name.lower(), desk.clock()
    async with desk.database.transaction() as session:
        session.add(
            SignInSession(
                token_hash=digest(secret), person_id=who.person_id, created_at=now, last_seen_at=now
            )
        )
    return ConversationTab(secret)
