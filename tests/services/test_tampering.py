"""Whoever touches the timeline behind the desk's back is found out, and it is said where."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from escalation_app.db.engine import Database
from escalation_app.domain.audit import head_text
from escalation_app.domain.tampering import Finding, Tampering
from escalation_app.integrations.sealer import HmacSealer
from escalation_app.services import audit, escalations
from escalation_app.services.desk import Desk
from tests.cast import SEALER, Cast, a_case, gather_cast, id_of
from tests.services.attacker import (
    CONTENT,
    PLACE,
    Attacker,
    a_long_case,
    attacking,
    found,
    verified,
)

CHANGED, REMOVED, ADDED = Tampering.CHANGED, Tampering.REMOVED, Tampering.ADDED
REORDERED, CUT_OFF, HEAD_CHANGED = Tampering.REORDERED, Tampering.CUT_OFF, Tampering.HEAD_CHANGED
ANOTHER = HmacSealer("another key")


@pytest.fixture
async def sqlite_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """For what PostgreSQL does not even take."""
    desk = Desk(Database(f"sqlite:///{tmp_path / 'desk.db'}"), sealer=SEALER)
    async with desk.database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield desk
    await desk.database.close()


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'Omar'",
        "actor_id = 1000",
        "actor_id = NULL",
        "kind = 'completed'",
        "queue = 'preview'",
        "at = '2020-01-01 00:00:00+00'",
        """data = '{"note": "Nothing to see here."}'""",
        "seal = previous_seal",
        "previous_seal = seal",
        "kind = 'no such kind'",
        "data = '17'",
        "actor = ''",
    ],
)
async def test_a_change_is_found_whatever_it_was(desk: Desk, cast: Cast, change: str) -> None:
    await a_long_case(desk, cast)
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        row = (await attacker.rows(case))[4]
        await attacker.does(f"UPDATE timeline_entry SET {change} WHERE id = :row", row=row)
    (finding,) = await verified(desk)
    assert finding == Finding(CHANGED, case, 5, row)
    assert str(finding) == f"Case {case}: entry 5 (row {row}) was changed."


@pytest.mark.parametrize(
    "change", ["at = 'noon'", "data = 'no JSON'", "actor = x'00ff'", "actor_id = 'Omar'"]
)
async def test_what_only_sqlite_stores_is_found(sqlite_desk: Desk, change: str) -> None:
    case = await a_long_case(sqlite_desk, await gather_cast(sqlite_desk))
    async with attacking(sqlite_desk) as attacker:
        row = (await attacker.rows(case))[1]
        await attacker.does(f"UPDATE timeline_entry SET {change} WHERE id = :row", row=row)
    assert await found(sqlite_desk) == [(CHANGED, case, 2)]


@pytest.mark.parametrize("which", [1, 3, 5])
async def test_a_removed_entry_is_named(desk: Desk, cast: Cast, which: int) -> None:
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        row = (await attacker.rows(case))[which - 1]
        await attacker.does("DELETE FROM timeline_entry WHERE id = :row", row=row)
    assert await found(desk) == [(REMOVED, case, which)]


async def test_a_removed_entry_is_named_though_those_behind_it_moved_up(
    desk: Desk, cast: Cast
) -> None:
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        rows = await attacker.rows(case)
        await attacker.does("DELETE FROM timeline_entry WHERE id = :row", row=rows[2])
        await attacker.does(
            "UPDATE timeline_entry SET position = position - 1 WHERE id > :row", row=rows[2]
        )
    assert {(case, 3), (case, 6)} <= {(where, entry) for _, where, entry in await found(desk)}


@pytest.mark.parametrize("position", [3, 7])
async def test_an_added_entry_is_named(desk: Desk, cast: Cast, position: int) -> None:
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        rows = await attacker.rows(case)
        await attacker.copies(rows[2], position=position, actor="Omar")
        added = (await attacker.rows(case))[-1]
    assert await verified(desk) == [Finding(ADDED, case, position, added)]


async def test_a_copy_of_an_entry_of_the_same_case_is_named(desk: Desk, cast: Cast) -> None:
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        await attacker.copies((await attacker.rows(case))[2])
        added = (await attacker.rows(case))[-1]
    assert await verified(desk) == [Finding(ADDED, case, 3, added)]


@pytest.mark.parametrize("columns", [CONTENT, PLACE, (*CONTENT, *PLACE), ("position",)])
async def test_two_that_changed_places_are_named(
    desk: Desk, cast: Cast, columns: tuple[str, ...]
) -> None:
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        rows = await attacker.rows(case)
        await attacker.exchanges(rows[1], rows[4], *columns)
    assert await found(desk) == [(REORDERED, case, 2), (REORDERED, case, 5)]


@pytest.mark.parametrize("left", [0, 1, 4])
async def test_a_timeline_that_was_cut_off_is_named(desk: Desk, cast: Cast, left: int) -> None:
    case = await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        await cut_off(attacker, case, left)
    assert await found(desk) == [(CUT_OFF, case, left + 1)]


@pytest.mark.parametrize("left", [0, 1, 4])
async def test_a_cut_is_named_though_the_cases_row_was_made_to_fit(
    desk: Desk, cast: Cast, left: int
) -> None:
    case = await a_long_case(desk, cast)
    last_seal = ""
    async with attacking(desk) as attacker:
        await cut_off(attacker, case, left)
        if left:
            row = (await attacker.rows(case))[-1]
            seal = text("SELECT seal FROM timeline_entry WHERE id = :row")
            last_seal = (await attacker.connection.execute(seal, {"row": row})).scalar_one()
        for head in ("head_seal", f"'{ANOTHER.seal(head_text(case, left, last_seal))}'", "''"):
            await attacker.does(
                "UPDATE escalation SET entries = :left, last_seal = :last_seal,"
                f" head_seal = {head} WHERE id = :case",
                left=left,
                last_seal=last_seal,
                case=case,
            )
    assert await found(desk) == [(CUT_OFF, case, left + 1)]


async def cut_off(attacker: Attacker, case: int, left: int) -> None:
    for row in (await attacker.rows(case))[left:]:
        await attacker.does("DELETE FROM timeline_entry WHERE id = :row", row=row)


async def test_a_cases_row_that_was_set_back_is_named(desk: Desk, cast: Cast) -> None:
    case = id_of(await a_case(desk, cast))
    select = "SELECT entries, last_seal, head_seal FROM escalation WHERE id = :case"
    async with attacking(desk) as attacker:
        before = (await attacker.connection.execute(text(select), {"case": case})).mappings().one()
    await escalations.claim(desk, cast.maria, case)
    async with attacking(desk) as attacker:
        await attacker.does(
            "UPDATE escalation SET entries = :entries, last_seal = :last_seal,"
            " head_seal = :head_seal WHERE id = :case",
            **before,
            case=case,
        )
    assert await found(desk) == [(HEAD_CHANGED, case, 2)]


async def test_an_entry_moved_to_another_case_is_named_in_both(desk: Desk, cast: Cast) -> None:
    case, other = await a_long_case(desk, cast), await a_long_case(desk, cast)
    async with attacking(desk) as attacker:
        row = (await attacker.rows(case))[2]
        await attacker.does(
            "UPDATE timeline_entry SET escalation_id = :other WHERE id = :row", other=other, row=row
        )
    assert await verified(desk) == [Finding(REMOVED, case, 3), Finding(ADDED, other, 3, row)]


async def test_a_whole_timeline_sealed_with_another_key_is_named_entry_by_entry(
    desk: Desk, cast: Cast
) -> None:
    await a_long_case(desk, cast)
    theirs = replace(desk, sealer=ANOTHER)
    forged = await a_long_case(theirs, cast)
    tally = audit.Tally()
    assert set(await found(desk, tally=tally)) == {
        (CUT_OFF, forged, 1),
        *((ADDED, forged, position) for position in range(1, 7)),
    }
    assert (tally.cases, tally.sealed) == (2, 6)


async def test_an_entry_of_an_older_backup_is_named(desk: Desk, cast: Cast) -> None:
    """The desk wrote it once, but not what its timeline went on from."""
    case = id_of(await a_case(desk, cast))
    older = await as_it_is(desk, case)
    await escalations.claim(desk, cast.maria, case)
    async with attacking(desk) as attacker:
        await attacker.does("CREATE TABLE older AS SELECT * FROM timeline_entry")
        await cut_off(attacker, case, 1)
        await attacker.does(
            "UPDATE escalation SET entries = 1, last_seal = :last_seal, head_seal = :head_seal,"
            " status = 'Pending', claimed_by_id = NULL WHERE id = :case",
            **older,
            case=case,
        )
    assert await found(desk) == []
    await escalations.claim(desk, cast.omar, case)
    await escalations.release(desk, cast.omar, case, "")
    async with attacking(desk) as attacker:
        columns = ("actor", "actor_id", "at", "data", "seal")
        older_ones = ", ".join(
            f"{name} = (SELECT {name} FROM older WHERE position = 2)" for name in columns
        )
        await attacker.does(f"UPDATE timeline_entry SET {older_ones} WHERE position = 2")
    assert await found(desk) == [(CHANGED, case, 2)]


async def as_it_is(desk: Desk, case: int) -> dict[str, Any]:
    query = text("SELECT last_seal, head_seal FROM escalation WHERE id = :case")
    async with desk.database.reading() as session:
        return dict((await session.execute(query, {"case": case})).mappings().one())


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_entries_of_a_removed_case_are_named(sqlite_desk: Desk, which: int) -> None:
    """On SQLite; PostgreSQL removes no case that entries name."""
    cast = await gather_cast(sqlite_desk)
    cases = [await a_long_case(sqlite_desk, cast) for _ in range(3)]
    async with sqlite_desk.database.engine.connect() as connection:
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        await connection.exec_driver_sql(f"DELETE FROM escalation WHERE id = {cases[which]}")
    removed = [(Tampering.CASE_REMOVED, cases[which], position) for position in range(1, 7)]
    assert await found(sqlite_desk) == removed


async def test_entries_from_before_the_seals_are_told_apart(desk: Desk, cast: Cast) -> None:
    old, older, case = [await a_long_case(desk, cast) for _ in range(3)]
    async with attacking(desk) as attacker:
        until = (await attacker.rows(older))[-1]
        for table, seals in (
            ("timeline_entry", "seal = '', previous_seal = ''"),
            ("escalation", "last_seal = '', head_seal = ''"),
        ):
            column = "escalation_id" if table == "timeline_entry" else "id"
            await attacker.does(f"UPDATE {table} SET {seals} WHERE {column} < :case", case=case)
    await escalations.release(desk, cast.omar, old, "")
    tally = audit.Tally()
    assert await found(desk, unsealed_until=until, tally=tally) == []
    assert (tally.sealed, tally.unsealed) == (7, 12)
    assert {one[0] for one in await found(desk)} == {Tampering.UNSEALED}
    assert len(await found(desk, unsealed_until=until - 1)) == 1
    async with attacking(desk) as attacker:
        rows = await attacker.rows(case)
        await attacker.does("UPDATE timeline_entry SET seal = '' WHERE id = :row", row=rows[1])
        await attacker.does(
            "DELETE FROM timeline_entry WHERE id = :row", row=(await attacker.rows(old))[2]
        )
    assert await found(desk, unsealed_until=until) == [
        (REMOVED, old, 3),
        (Tampering.UNSEALED, case, 2),
    ]
