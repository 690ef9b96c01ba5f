"""Whoever comes second is told who has the case, whatever becomes of writing that down."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation_app.db import case_changes
from escalation_app.domain.audit import chain
from escalation_app.domain.refusals import AlreadyClaimed, DeskUnavailable, OutcomeUnknown, Refusal
from escalation_app.domain.vocabulary import Status
from escalation_app.services import escalations, verbs
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of
from tests.services.statements import heard


@pytest.mark.parametrize("lost", [DeskUnavailable, OutcomeUnknown])
async def test_omar_is_told_that_maria_has_it_also_when_the_database_goes_away_then(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch, lost: type[Refusal]
) -> None:
    case = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case)
    goes_away_writing(monkeypatch, lost)
    with pytest.raises(AlreadyClaimed, match="Claimed by Maria"):
        await escalations.claim(desk, cast.omar, case)


@pytest.mark.parametrize("times", range(verbs.TRIES + 1))
async def test_maria_looks_again_when_another_hand_was_faster_and_holds_the_case_only_in_the_end(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    case = id_of(await a_case(desk, cast))
    others_are_faster(monkeypatch, desk, cast, times)
    with heard(desk) as statements:
        claimed = await escalations.claim(desk, cast.maria, case)
    assert (claimed.status, claimed.claimed_by) == (Status.IN_PROGRESS, "Maria")
    is_held = any("FOR NO KEY UPDATE" in statement for statement in statements)
    assert is_held is (times == verbs.TRIES and not desk.database.is_sqlite)


async def test_who_waited_for_a_case_is_told_of_what_was_written_meanwhile(
    desk: Desk, cast: Cast
) -> None:
    """PostgreSQL reads anew what was waited for, and all else as it was before the wait."""
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case_id)

    async def held_by_omar(connection: AsyncConnection) -> case_changes.Found:
        found = await case_changes.find(connection, case_id, cast.omar.person_id, held=True)
        assert found is not None
        return found

    async def waits() -> case_changes.Found:
        async with desk.database.transaction() as session:
            return await held_by_omar(await session.connection())

    async with desk.database.transaction() as session:
        connection = await session.connection()
        found = await held_by_omar(connection)
        assert not found.is_told_second
        waiting = asyncio.create_task(waits())
        await asyncio.sleep(0.3)
        fact = found.case.refuse(cast.omar, desk.clock())
        chain(found.case, fact, desk.sealer)
        assert await case_changes.write(connection, found, fact, None)
    assert (await waiting).is_told_second


def others_are_faster(monkeypatch: pytest.MonkeyPatch, desk: Desk, cast: Cast, times: int) -> None:
    """So often, omar has claimed and released the case since it was looked at."""
    looked = 0

    async def find(connection: Any, number: int, person_id: int, *, held: bool = False) -> Any:
        nonlocal looked
        found = await real(connection, number, person_id, held=held)
        looked += 1
        # Where a case is held from the first look, nobody is faster.
        if looked <= times and not held:
            with monkeypatch.context() as undisturbed:
                undisturbed.setattr(case_changes, "find", real)
                await escalations.claim(desk, cast.omar, number)
                await escalations.release(desk, cast.omar, number, "")
        return found

    real = case_changes.find
    monkeypatch.setattr(case_changes, "find", find)


def goes_away_writing(monkeypatch: pytest.MonkeyPatch, lost: type[Refusal]) -> None:
    """What comes of what is written next, nobody is told."""
    real = case_changes.write

    async def flaky(*written: Any) -> bool:
        await real(*written)
        raise lost

    monkeypatch.setattr(case_changes, "write", flaky)
