import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from escalation_app.domain.credentials import (
    ABSOLUTE_LIMIT,
    ATTEMPTS_PER_ADDRESS,
    ATTEMPTS_PER_NAME_AND_ADDRESS,
    IDLE_LIMIT,
    SignInAttempts,
    SignInSession,
)
from escalation_app.domain.refusals import NotSignedIn, SignInRefused, TooManyAttempts
from escalation_app.domain.vocabulary import Role
from escalation_app.services import people, sessions
from escalation_app.services.desk import Desk
from escalation_app.workers.clean_up import clean_up_once

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


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


async def test_a_session_ends_after_a_week_however_busy(desk: Desk) -> None:
    secret, _ = await sessions.sign_in(desk, "maria", "a good password", "::1")
    began, passed = desk.clock(), timedelta()
    while passed < ABSOLUTE_LIMIT:
        desk.clock = lambda at=began + passed: at  # type: ignore[misc]
        await sessions.who(desk, secret)
        passed += IDLE_LIMIT / 2
    desk.clock = lambda: began + ABSOLUTE_LIMIT
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, secret)


async def test_the_statement_that_operators_are_told_ends_all_sessions(desk: Desk) -> None:
    mine, _ = await sessions.sign_in(desk, "maria", "a good password", "::1")
    told = set(re.findall(r"DELETE FROM \w+", OPERATIONS.read_text()))
    async with desk.database.transaction() as session:
        for statement in told:
            await session.execute(text(statement))
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, mine)


async def test_what_is_over_is_forgotten(desk: Desk) -> None:
    secret, _ = await sessions.sign_in(desk, "maria", "a good password", "::1")
    with pytest.raises(SignInRefused):
        await sessions.sign_in(desk, "maria", "wrong", "::1")
    now = desk.clock()
    desk.clock = lambda: now + ABSOLUTE_LIMIT
    await clean_up_once(desk)
    async with desk.database.reading() as session:
        for table in (SignInSession, SignInAttempts):
            count = await session.execute(select(func.count()).select_from(table))
            assert count.scalar_one() == 0
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, secret)


async def test_an_address_that_is_turned_away_fills_no_table(desk: Desk) -> None:
    for number in range(ATTEMPTS_PER_ADDRESS + 20):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            await sessions.sign_in(desk, f"name {number}", "wrong", "10.0.0.9")
    async with desk.database.reading() as session:
        count = await session.execute(select(func.count()).select_from(SignInAttempts))
    assert count.scalar_one() <= ATTEMPTS_PER_ADDRESS + 1


async def test_who_has_a_whole_network_of_addresses_is_one_who_guesses(desk: Desk) -> None:
    for number in range(ATTEMPTS_PER_NAME_AND_ADDRESS):
        with pytest.raises(SignInRefused):
            await sessions.sign_in(desk, "maria", "wrong", f"2001:db8:0:7::{number:x}")
    with pytest.raises(TooManyAttempts):
        await sessions.sign_in(desk, "maria", "a good password", "2001:db8:0:7:ffff::1")
    await sessions.sign_in(desk, "maria", "a good password", "2001:db8:0:8::1")


async def test_a_demo_persons_session_ends_with_the_demo(desk: Desk) -> None:
    desk.is_demo = True
    secret, _ = await sessions.sign_in(desk, "guest", "demo", "::1")
    desk.is_demo = False
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, secret)
