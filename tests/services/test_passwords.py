"""Any password will do that is not among the first to be tried."""

import gzip

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Role
from escalation_app.services import passwords, people, sessions
from escalation_app.services.desk import Desk
from escalation_app.services.passwords import COMMON, LONGEST, SHORTEST, check


@pytest.mark.parametrize(
    "password",
    [
        "",
        "1234567",
        "x" * (LONGEST + 1),
        "password1",
        "PASSWORD1",
        "qwertyuiop",
        "escalation-desk",
        "maria.oliveira1",
        "Maria2026!",
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        check(password, "maria", "Maria Oliveira")


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "ünïcödé ☂ wörds", "8 chars!", "x" * 64, "y" * LONGEST],
)
def test_any_other_is_taken_whatever_it_is_made_of(password: str) -> None:
    check(password, "maria", "Maria Oliveira")


def test_all_that_are_common_are_refused_and_there_are_thousands() -> None:
    common = gzip.decompress(COMMON.read_bytes()).decode().split()
    assert len([password for password in common if len(password) >= SHORTEST]) > 3_000
    for password in common:
        with pytest.raises(InvalidInput):
            check(password)


@given(st.text(min_size=SHORTEST, max_size=LONGEST), st.text(max_size=30))
def test_no_kind_of_character_is_asked_for(password: str, name: str) -> None:
    assume(password.casefold() not in passwords._common())
    assume(not any(word in password.casefold() for word in passwords.WORDS_OF_THE_DESK))
    assume(not any(word in password.casefold() for word in passwords._words(name)))
    check(password, name)


async def test_nobody_is_added_with_a_weak_password(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        await people.create_person(desk, "nora", "Nora", Role.SUPERVISOR, "12345678")
    await people.create_person(desk, "nora", "Nora", Role.SUPERVISOR, "8 chars!")


async def test_a_password_is_taken_exactly_as_it_is_typed(desk: Desk) -> None:
    password = "  Two Spaces, ÄÖÜ and 70 more characters " + "z" * 70
    await people.create_person(desk, "nora", "Nora", Role.SUPERVISOR, password)
    await sessions.sign_in(desk, "nora", password, "::1")
    for other in (password.strip(), password.lower(), password[:72], password + " "):
        with pytest.raises(sessions.SignInRefused):
            await sessions.sign_in(desk, "nora", other, "::1")
