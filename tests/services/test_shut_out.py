"""A person who has left comes in no more, and what they did stays theirs."""

import asyncio
from typing import Any

import pytest

from escalation_app.db import people as people_queries
from escalation_app.domain.credentials import ApiKey, SignInSession, digest
from escalation_app.domain.people import COMMAND_LINE, Person, Viewer
from escalation_app.domain.refusals import InvalidInput, KeyRefused, NotSignedIn, SignInRefused
from escalation_app.domain.vocabulary import Role, Status
from escalation_app.services import api_keys, escalations, people, sessions, supervisors
from escalation_app.services.desk import Desk
from escalation_app.services.viewers import as_of_now
from tests.cast import Cast, a_case, id_of

PASSWORD = "a good password"
NO_KEY = "Nina was shut out for good"


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


async def nina_now(desk: Desk) -> Person:
    async with desk.database.reading() as session:
        nina = await people_queries.by_username(session, "nina")
    assert nina is not None
    return nina


async def test_an_agent_too_is_shut_out_for_good(desk: Desk, cast: Cast) -> None:
    key = await api_keys.create(desk, cast.admin, "agent", "platform")
    assert (await people.shut_out(desk, "agent")).keys == 1
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, key)
    with pytest.raises(InvalidInput, match="Agent was shut out for good"):
        await api_keys.create(desk, cast.admin, "agent", "platform")


async def test_the_day_of_leaving_stays_the_first(desk: Desk) -> None:
    await people.shut_out(desk, "nina")
    left = (await nina_now(desk)).shut_out_at
    await people.shut_out(desk, "nina")
    assert left is not None
    assert (await nina_now(desk)).shut_out_at == left


async def test_no_key_is_made_again_for_who_is_shut_out(desk: Desk) -> None:
    await people.shut_out(desk, "nina")
    with pytest.raises(InvalidInput, match=NO_KEY) as refused:
        await api_keys.create(desk, COMMAND_LINE, "nina", "hers")
    assert refused.value.field == "username"
    assert await api_keys.listed(desk, COMMAND_LINE) == []


async def test_of_keys_made_at_the_same_moment_none_outlasts_it(desk: Desk) -> None:
    making = [api_keys.create(desk, COMMAND_LINE, "nina", f"key {n}") for n in range(6)]
    *keys, shutting = await asyncio.gather(
        *making, people.shut_out(desk, "nina"), return_exceptions=True
    )
    assert isinstance(shutting, people.ShutOut)
    for key in keys:
        if isinstance(key, str):
            with pytest.raises(KeyRefused):
                await api_keys.holder_of(desk, key)
        else:
            assert isinstance(key, InvalidInput)
    assert all(row.revoked_at for row in await api_keys.listed(desk, COMMAND_LINE))


async def test_a_key_that_is_being_made_is_waited_for_and_revoked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, is_found, may_go_on = people_queries.held_by_username, asyncio.Event(), asyncio.Event()

    async def slowly(session: Any, username: str) -> Person | None:
        found = await find(session, username)
        is_found.set()
        await may_go_on.wait()
        return found

    monkeypatch.setattr(people_queries, "held_by_username", slowly)
    making = asyncio.create_task(api_keys.create(desk, COMMAND_LINE, "nina", "hers"))
    await is_found.wait()
    shutting = asyncio.create_task(people.shut_out(desk, "nina"))
    done, _ = await asyncio.wait([shutting], timeout=0.3)
    assert not done
    may_go_on.set()
    key = await making
    assert (await shutting).keys == 1
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, key)


async def test_a_key_or_a_session_that_stayed_behind_opens_nothing(desk: Desk) -> None:
    nina = await nina_now(desk)
    assert nina.id is not None
    viewer = await people.as_viewer(desk, nina)
    await people.shut_out(desk, "nina")
    await _leave_behind(desk, viewer)
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, "a key")
    with pytest.raises(NotSignedIn):
        await sessions.who(desk, "a session")
    assert not await sessions.lives(desk, "a session")
    async with desk.database.reading() as session:
        assert await sessions.holders(desk, session, ["a session"]) == {}
        with pytest.raises(NotSignedIn):
            await as_of_now(session, desk, viewer)


async def _leave_behind(desk: Desk, who: Viewer) -> None:
    """As a backup would that was put back, or another hand in the database."""
    now = desk.clock()
    async with desk.database.transaction() as session:
        session.add(
            ApiKey(key_hash=digest("a key"), label="hers", person_id=who.person_id, created_at=now)
        )
        session.add(
            SignInSession(
                token_hash=digest("a session"),
                person_id=who.person_id,
                created_at=now,
                last_seen_at=now,
            )
        )


async def test_who_is_shut_out_is_offered_to_nobody(desk: Desk, cast: Cast) -> None:
    assert "maria" in {one.username for one in await api_keys.holders(desk, cast.admin)}
    await people.shut_out(desk, "maria")
    assert "maria" not in {one.username for one in await api_keys.holders(desk, cast.admin)}
    found = await supervisors.search_people(desk, cast.lina, "mar")
    assert [one.username for one in found] == ["omar"]
    # Where the settings speak of her already, she keeps her name.
    assert await supervisors.names(desk, cast.lina, ["maria"]) == {"maria": "Maria"}


async def test_nobody_of_that_name_is_told_as_such(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="Nobody is called “nobody”"):
        await people.shut_out(desk, "nobody")
