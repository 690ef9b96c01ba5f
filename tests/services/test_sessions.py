import asyncio
from datetime import timedelta

import pytest

from escalation_app.domain.credentials import ATTEMPTS_PER_NAME_AND_ADDRESS, IDLE_LIMIT
from escalation_app.domain.refusals import NotSignedIn, SignInRefused, TooManyAttempts
from escalation_app.domain.vocabulary import Role
from escalation_app.services import people, sessions
from escalation_app.services.desk import Desk


@pytest.fixture
async def _maria(desk: Desk) -> None:
    await people.create_person(desk, "maria", "Maria", Role.SUPERVISOR, "a good password")
    await people.create_person(desk, "guest", "Guest", Role.SUPERVISOR, "demo", is_demo=True)


pytestmark = pytest.mark.usefixtures("_maria")


async def test_maria_signs_in_and_out(desk: Desk) -> None:
    secret, _ = await sessions.sign_in(desk, " Maria", "a good password", "::1")
    assert (await sessions.who(desk, secret)).name == "Maria"
    await sessions.sign_out(desk, secret)
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, secret)


@pytest.mark.parametrize("name", ["maria", "nobody", "nul\x00", "\ud800"])
async def test_a_wrong_name_or_password_is_told_alike(desk: Desk, name: str) -> None:
    with pytest.raises(SignInRefused):
        await sessions.sign_in(desk, name, "wrong", "::1")


async def test_demo_accounts_are_refused_outside_the_demo(desk: Desk) -> None:
    with pytest.raises(SignInRefused):
        await sessions.sign_in(desk, "guest", "demo", "::1")


async def test_200_parallel_attempts_do_not_get_round_the_throttle(desk: Desk) -> None:
    answers = await asyncio.gather(
        *(sessions.sign_in(desk, "maria", f"guess {n}", "10.0.0.9") for n in range(200)),
        return_exceptions=True,
    )
    looked_at = [answer for answer in answers if isinstance(answer, SignInRefused)]
    refused = [answer for answer in answers if isinstance(answer, TooManyAttempts)]
    assert len(looked_at) <= ATTEMPTS_PER_NAME_AND_ADDRESS
    assert len(looked_at) + len(refused) == 200


async def test_an_idle_session_ends(desk: Desk) -> None:
    secret, _ = await sessions.sign_in(desk, "maria", "a good password", "::1")
    now = desk.clock()
    desk.clock = lambda: now + IDLE_LIMIT + timedelta(seconds=1)
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, secret)
