"""A person who has left comes in no more, and what they did stays theirs."""

import asyncio

import pytest

from escalation_app.domain.people import COMMAND_LINE
from escalation_app.domain.refusals import InvalidInput, KeyRefused, NotSignedIn, SignInRefused
from escalation_app.domain.vocabulary import Role, Status
from escalation_app.services import api_keys, escalations, people, sessions
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of

PASSWORD = "a good password"


@pytest.fixture
async def _nina(desk: Desk) -> None:
    await people.create_person(desk, "nina", "Nina", Role.ADMIN, PASSWORD)
    await people.create_person(desk, "otto", "Otto", Role.ADMIN, PASSWORD)


pytestmark = pytest.mark.usefixtures("_nina")


async def test_who_is_shut_out_has_no_session_no_key_and_no_password_and_others_keep_theirs(
    desk: Desk,
) -> None:
    hers = [(await sessions.sign_in(desk, "nina", PASSWORD, "::1"))[0] for _ in range(2)]
    key = await api_keys.create(desk, COMMAND_LINE, "nina", "hers")
    ottos, _ = await sessions.sign_in(desk, "otto", PASSWORD, "::1")
    ottos_key = await api_keys.create(desk, COMMAND_LINE, "otto", "his")
    shut = await people.shut_out(desk, " Nina ")
    assert (shut.name, shut.sessions, shut.keys) == ("Nina", 2, 1)
    for secret in hers:
        with pytest.raises(NotSignedIn):
            await sessions.who(desk, secret)
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, key)
    for password in (PASSWORD, ""):
        with pytest.raises(SignInRefused):
            await sessions.sign_in(desk, "nina", password, "::1")
    assert (await sessions.who(desk, ottos)).name == "Otto"
    assert (await api_keys.holder_of(desk, ottos_key)).viewer.name == "Otto"
    assert (await people.shut_out(desk, "nina")).sessions == 0


async def test_a_case_of_somebody_shut_out_is_released_by_an_admin(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case_id)
    await people.shut_out(desk, "maria")
    await escalations.release(desk, cast.admin, case_id, "Maria has left.")
    assert (await escalations.claim(desk, cast.omar, case_id)).status is Status.IN_PROGRESS


async def test_nobody_is_let_in_whose_password_was_looked_at_when_they_were_shut_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify, is_looked_at, may_go_on = sessions._verify, asyncio.Event(), asyncio.Event()

    async def slowly(stored: str, password: str) -> bool:
        matches = await verify(stored, password)
        is_looked_at.set()
        await may_go_on.wait()
        return matches

    monkeypatch.setattr(sessions, "_verify", slowly)
    coming = asyncio.create_task(sessions.sign_in(desk, "nina", PASSWORD, "::1"))
    await is_looked_at.wait()
    await people.shut_out(desk, "nina")
    may_go_on.set()
    with pytest.raises(SignInRefused):
        await coming


async def test_of_sign_ins_at_the_same_moment_none_outlasts_it(desk: Desk) -> None:
    coming = [sessions.sign_in(desk, "nina", PASSWORD, f"10.0.0.{n}") for n in range(6)]
    shutting, *answers = await asyncio.gather(
        people.shut_out(desk, "nina"), *coming, return_exceptions=True
    )
    assert not isinstance(shutting, BaseException)
    for answer in answers:
        if isinstance(answer, tuple):
            with pytest.raises(NotSignedIn):
                await sessions.who(desk, answer[0])
        else:
            assert isinstance(answer, SignInRefused)


async def test_nobody_of_that_name_is_told_as_such(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="Nobody is called “nobody”"):
        await people.shut_out(desk, "nobody")
