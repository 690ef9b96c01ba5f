"""A long export is sent page by page, and each page only to who may see it then."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from escalation_app.api import identity
from escalation_app.domain import people as domain
from escalation_app.domain.people import COMMAND_LINE, EVERYTHING
from escalation_app.domain.vocabulary import Role
from escalation_app.services import api_keys, listing, people, sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import Settings
from tests.api.conftest import ORIGIN, client_of, mounted
from tests.cast import Cast, a_case, grant

PASSWORD = "a good password"
TOPICS = ["Booking", "Booking", "Refund", "Booking", "Refund"]
WAYS = ["key", "session"]


class Line:
    """Between Nina and the desk: whether what it sent her came to its end."""

    def __init__(self, desk: Desk) -> None:
        self._app = mounted(desk)
        self.is_whole = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def pass_on(message: Message) -> None:
            is_body = message["type"] == "http.response.body"
            self.is_whole = is_body and not message.get("more_body")
            await send(message)

        await self._app(scope, receive, pass_on)


@dataclass
class Nina:
    """A supervisor who exports with her key, or signed in."""

    desk: Desk
    line: Line
    http: httpx.AsyncClient
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    async def exports(self, way: str) -> list[str]:
        """The topics that she was sent."""
        path = "/api/v1/escalations/export?format=jsonl&view=waiting"
        answer = await self.http.get(path, headers=self.headers[way])
        assert answer.status_code == 200
        return [json.loads(line)["topic"] for line in answer.text.splitlines()]

    async def is_shut_out(self) -> None:
        await people.shut_out(self.desk, "nina")

    async def loses_her_key(self) -> None:
        [row] = await api_keys.listed(self.desk, COMMAND_LINE)
        await api_keys.revoke(self.desk, COMMAND_LINE, row.id)

    async def signs_out(self) -> None:
        await sessions.sign_out(self.desk, self.session)

    async def is_left_with_refunds(self) -> None:
        await grant(self.desk, {"nina": domain.Scope(frozenset({"Refund"}), None)})

    @property
    def session(self) -> str:
        return self.headers["session"]["Cookie"].removeprefix("escalation_session=")


@pytest.fixture
async def nina(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Nina]:
    monkeypatch.setattr(identity, "settings", lambda: Settings(public_url_override=ORIGIN))
    for topic in TOPICS:
        await a_case(desk, cast, topic=topic)
    await people.create_person(desk, "nina", "Nina", Role.SUPERVISOR, PASSWORD, EVERYTHING)
    key = await api_keys.create(desk, COMMAND_LINE, "nina", "hers")
    session, _ = await sessions.sign_in(desk, "nina", PASSWORD, "::1")
    headers = {
        "key": {"Authorization": f"Bearer {key}"},
        "session": {"Cookie": f"escalation_session={session}"},
    }
    line = Line(desk)
    async with client_of(line) as http:
        yield Nina(desk, line, http, headers)


Meanwhile = Callable[[Callable[[], Awaitable[None]]], None]


@pytest.fixture
def after_two_cases(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """What happens when the first page of two cases has been read."""
    read = listing.page

    def happens(what: Callable[[], Awaitable[None]]) -> None:
        coming = [what]

        async def page(*arguments: Any) -> listing.Page:
            found = await read(*arguments)
            if coming:
                await coming.pop()()
            return found

        monkeypatch.setattr(listing, "EXPORT_PAGE", 2)
        monkeypatch.setattr(listing, "page", page)

    return happens


@pytest.mark.parametrize("way", WAYS)
async def test_who_is_shut_out_in_the_middle_is_sent_no_further_page(
    nina: Nina, after_two_cases: Meanwhile, way: str
) -> None:
    after_two_cases(nina.is_shut_out)
    assert await nina.exports(way) == TOPICS[:2]
    # Else she would take what she has for all there is.
    assert not nina.line.is_whole


@pytest.mark.parametrize(
    ("way", "ends", "other"),
    [("key", Nina.loses_her_key, "session"), ("session", Nina.signs_out, "key")],
    ids=WAYS,
)
async def test_an_export_ends_with_what_it_was_asked_with_and_with_nothing_else(
    nina: Nina,
    after_two_cases: Meanwhile,
    way: str,
    ends: Callable[[Nina], Awaitable[None]],
    other: str,
) -> None:
    after_two_cases(lambda: ends(nina))
    assert await nina.exports(way) == TOPICS[:2]
    assert not nina.line.is_whole
    assert await nina.exports(other) == TOPICS


@pytest.mark.parametrize("way", WAYS)
async def test_who_may_see_less_meanwhile_is_sent_less_from_then_on(
    nina: Nina, after_two_cases: Meanwhile, way: str
) -> None:
    after_two_cases(nina.is_left_with_refunds)
    assert await nina.exports(way) == ["Booking", "Booking", "Refund", "Refund"]
    assert nina.line.is_whole
