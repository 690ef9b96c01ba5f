"""The timeline can only grow, and what people did is found whole, whoever works meanwhile."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from escalation_app.db import timeline
from escalation_app.db.engine import Database
from escalation_app.domain.people import ALL_QUEUES, Viewer
from escalation_app.domain.refusals import AlreadyClaimed, Refusal
from escalation_app.domain.tampering import Tampering
from escalation_app.domain.vocabulary import Role, Speaker
from escalation_app.services import audit, conversations, escalations, people, summaries
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import tell_overdue
from tests.cast import Cast, a_case, id_of
from tests.servers.postgres_server import PostgresServer
from tests.services.attacker import Found, a_long_case, attacking, found


@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'Omar'", "DELETE FROM {}"])
async def test_the_database_itself_refuses_to_change_the_timeline(
    desk: Desk, cast: Cast, statement: str
) -> None:
    await a_case(desk, cast)
    with pytest.raises(DBAPIError, match="never changed"):
        async with desk.database.engine.begin() as connection:
            await connection.execute(text(statement.format("timeline_entry")))
    assert await found(desk) == []


async def test_postgresql_refuses_to_empty_it(postgres: PostgresServer) -> None:
    database = Database(postgres.new_database())
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        with pytest.raises(DBAPIError, match="never changed"):
            await connection.execute(text("TRUNCATE timeline_entry CASCADE"))
    await database.close()


async def test_what_people_did_is_found_whole(desk: Desk, cast: Cast) -> None:
    case = await a_long_case(desk, cast)
    await summaries.extract(desk, cast.maria, case)
    await tell_overdue(replace(desk, clock=lambda: datetime.now(UTC) + timedelta(days=2)))
    await escalations.complete(desk, cast.omar, case, "Charged twice", "Refunded")
    await a_case(desk, cast)
    tally = audit.Tally()
    assert await found(desk, tally=tally) == []
    assert (tally.cases, tally.unsealed) == (2, 0)
    async with desk.database.reading() as session:
        assert tally.sealed == len(await timeline.numbers_since(session, 0)) == 10


async def test_64_who_come_at_once_leave_the_chain_whole(desk: Desk, cast: Cast) -> None:
    """All but one come second, while the owner works and others talk and summarize."""
    made = await a_case(desk, cast)
    case = id_of(made)
    crowd = [await a_contender(desk, number) for number in range(64)]
    claims = [escalations.claim(desk, one, case) for one in crowd]
    said = [
        conversations.add_message(desk, cast.agent, made.conversation_id, Speaker.USER, f"{n}?")
        for n in range(8)
    ]
    recaps = [summaries.extract(desk, cast.admin, case) for _ in range(8)]
    answers = await asyncio.gather(*claims, *said, *recaps, return_exceptions=True)
    assert [one for one in answers if isinstance(one, BaseException)] == [
        one for one in answers if isinstance(one, AlreadyClaimed)
    ]
    tally = audit.Tally()
    assert await found(desk, tally=tally) == []
    async with desk.database.reading() as session:
        kinds = [entry.kind.value for entry in await timeline.of_case(session, case)]
    assert (kinds.count("claimed"), kinds.count("message_added")) == (1, 8)
    assert kinds.count("summarized") == 8
    assert tally.sealed == len(kinds)


async def test_whoever_owns_a_case_completes_it_while_a_crowd_comes_second(
    desk: Desk, cast: Cast
) -> None:
    case = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case)
    crowd = [await a_contender(desk, number) for number in range(32)]
    answers = await asyncio.gather(
        *(escalations.claim(desk, one, case) for one in crowd[:16]),
        escalations.complete(desk, cast.maria, case, "Charged twice", "Refunded"),
        *(escalations.claim(desk, one, case) for one in crowd[16:]),
        return_exceptions=True,
    )
    assert all(isinstance(one, Refusal) for one in answers if isinstance(one, BaseException))
    assert not isinstance(answers[16], BaseException)
    assert await found(desk) == []


async def test_it_is_verified_while_the_desk_works(desk: Desk, cast: Cast) -> None:
    cases = [id_of(await a_case(desk, cast)) for _ in range(6)]

    async def work() -> None:
        for case in cases:
            await escalations.claim(desk, cast.maria, case)
            await escalations.release(desk, cast.maria, case, "")

    async def look() -> list[Found]:
        return [await found(desk) for _ in range(20)]

    _, looks = await asyncio.gather(work(), look())
    assert looks == [[]] * 20


async def test_more_cases_than_a_batch_are_verified_batch_by_batch(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 3)
    cases = [id_of(await a_case(desk, cast)) for _ in range(8)]
    async with attacking(desk) as attacker:
        for case in cases[::3]:
            await attacker.does(
                "UPDATE timeline_entry SET actor = 'x' WHERE escalation_id = :case", case=case
            )
    tally = audit.Tally()
    assert await found(desk, tally=tally) == [(Tampering.CHANGED, case, 1) for case in cases[::3]]
    assert tally.cases == 8


async def a_contender(desk: Desk, number: int) -> Viewer:
    name = f"Contender {number}"
    person = await people.create_person(desk, f"contender-{number}", name, Role.SUPERVISOR)
    assert person.id is not None
    return Viewer(person.id, name, Role.SUPERVISOR, ALL_QUEUES)
