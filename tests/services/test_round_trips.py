"""What every click and every request asks of the database is asked in few trips."""

from escalation_app.services import api_keys, escalations
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of
from tests.services.statements import heard


async def test_a_claim_reads_once_and_writes_the_case_and_its_fact(desk: Desk, cast: Cast) -> None:
    case = id_of(await a_case(desk, cast))
    with heard(desk) as statements:
        await escalations.claim(desk, cast.maria, case)
    asked = [statement.split()[0] for statement in statements]
    # PostgreSQL changes two tables in one statement, which needs no others to begin and end it.
    whole = (
        ["BEGIN", "SELECT", "UPDATE", "INSERT"] if desk.database.is_sqlite else ["SELECT", "WITH"]
    )
    assert asked == whole


async def test_whose_a_key_is_and_what_they_may_see_is_one_statement(
    desk: Desk, cast: Cast
) -> None:
    secret = await api_keys.create(desk, cast.admin, "omar", "his script")
    await api_keys.holder_of(desk, secret)
    with heard(desk) as statements:
        holder = await api_keys.holder_of(desk, secret)
    assert holder.viewer == cast.omar
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1
