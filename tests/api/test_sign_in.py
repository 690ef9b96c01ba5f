"""PostgreSQL goes away while somebody signs in or out: they are told, and nobody is left without an answer."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from escalation_app.api import sign_in
from escalation_app.domain.refusals import NotSignedIn, OutcomeUnknown
from escalation_app.domain.vocabulary import Role
from escalation_app.services import people, sessions
from escalation_app.services.desk import Desk
from tests.api.conftest import client_of
from tests.servers.lost_connection import Moment, lose_connections

COOKIE = "escalation_session"
MARIA = {"username": "maria", "password": "a good password"}

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    await people.create_person(desk, "maria", "Maria", Role.SUPERVISOR, MARIA["password"])
    app = Starlette(routes=sign_in.ROUTES)
    app.state.desk = lambda: desk
    async with client_of(app) as client:
        yield client


@pytest.mark.parametrize("moment", list(Moment))
async def test_maria_is_sent_back_to_sign_in_again_when_the_database_goes_away_meanwhile(
    desk: Desk, browser: httpx.AsyncClient, moment: Moment
) -> None:
    await lose_connections(desk.database, "INSERT ON sign_in_session", moment)
    answer = await browser.post("/auth/sign-in", data=MARIA)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?error=unavailable"
    assert COOKIE not in browser.cookies


async def test_maria_is_let_in_although_her_former_session_could_not_be_ended(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await browser.post("/auth/sign-in", data=MARIA)
    former = browser.cookies[COOKIE]
    await lose_connections(desk.database, "DELETE ON sign_in_session", Moment.COMMIT)
    answer = await browser.post("/auth/sign-in", data=MARIA)
    assert answer.status_code == 303
    assert browser.cookies[COOKIE] != former
    assert (await sessions.who(desk, browser.cookies[COOKIE])).name == "Maria"


async def test_maria_who_signs_out_is_told_that_nobody_knows_whether_it_was_done(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await browser.post("/auth/sign-in", data=MARIA)
    await lose_connections(desk.database, "DELETE ON sign_in_session", Moment.COMMIT)
    answer = await browser.post("/auth/sign-out")
    assert (answer.status_code, answer.text) == (503, str(OutcomeUnknown()))
    assert answer.headers["retry-after"] == "5"
    # She can try again with what she has.
    assert COOKIE in browser.cookies


async def test_maria_signs_out_where_nothing_goes_wrong(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    await browser.post("/auth/sign-in", data=MARIA)
    secret = browser.cookies[COOKIE]
    assert (await browser.post("/auth/sign-out")).status_code == 303
    assert COOKIE not in browser.cookies
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, secret)
