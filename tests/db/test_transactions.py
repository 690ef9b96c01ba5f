"""What a transaction that failed has done: nothing, or nobody knows."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from escalation_app.domain.people import Person
from escalation_app.domain.refusals import DeskUnavailable, OutcomeUnknown, Refusal
from escalation_app.domain.vocabulary import Role
from escalation_app.services.desk import Desk
from tests.servers.lost_connection import Moment, lose_connections


async def add(desk: Desk, username: str) -> None:
    async with desk.database.transaction() as session:
        name, now = username.capitalize(), desk.clock()
        session.add(Person(username=username, name=name, role=Role.SUPERVISOR, created_at=now))


async def people(desk: Desk) -> int:
    async with desk.database.reading() as session:
        count = await session.execute(select(func.count()).select_from(Person))
    return count.scalar_one()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("moment", "told"),
    [(Moment.STATEMENT, DeskUnavailable), (Moment.COMMIT, OutcomeUnknown)],
)
async def test_only_what_failed_in_the_commit_itself_is_unknown(
    desk: Desk, moment: Moment, told: type[Refusal]
) -> None:
    await lose_connections(desk.database, "INSERT ON person", moment)
    with pytest.raises(told):
        await add(desk, "maria")
    assert await people(desk) == 0


async def test_a_row_that_another_was_before_is_told_as_such(desk: Desk) -> None:
    await add(desk, "maria")
    with pytest.raises(IntegrityError):
        await add(desk, "maria")
    assert await people(desk) == 1
