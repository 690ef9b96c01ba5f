"""Somebody with the whole database but without the desk's key, and what is found of their work."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation_app.domain.refusals import AlreadyClaimed
from escalation_app.domain.tampering import Finding, Tampering
from escalation_app.domain.vocabulary import Speaker
from escalation_app.services import audit, conversations, escalations
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of
from tests.unguarded import unguard_timeline

CONTENT = ("queue", "kind", "actor", "actor_id", "at", "data")
PLACE = ("position", "previous_seal", "seal")
COLUMNS = ("escalation_id", *CONTENT, *PLACE)
Found = list[tuple[Tampering, int, int]]


async def verified(desk: Desk, **how: Any) -> list[Finding]:
    return [finding async for finding in audit.verify(desk, **how)]


async def found(desk: Desk, **how: Any) -> Found:
    """What is found, each as its kind, case and entry."""
    return [(one.kind, one.case, one.entry) for one in await verified(desk, **how)]


async def a_long_case(desk: Desk, cast: Cast) -> int:
    """Six entries: escalated, message, claimed, refused, released, claimed."""
    case = await a_case(desk, cast)
    number = id_of(case)
    await conversations.add_message(desk, cast.agent, case.conversation_id, Speaker.USER, "Hello?")
    await escalations.claim(desk, cast.maria, number)
    with contextlib.suppress(AlreadyClaimed):
        await escalations.claim(desk, cast.omar, number)
    await escalations.release(desk, cast.maria, number, "Needs somebody for refunds.")
    await escalations.claim(desk, cast.omar, number)
    return number


@dataclass
class Attacker:
    """Somebody with the whole database, but without the desk's key."""

    connection: AsyncConnection

    async def does(self, statement: str, **values: Any) -> None:
        await self.connection.execute(text(statement), values)

    async def rows(self, case: int) -> list[int]:
        query = text("SELECT id FROM timeline_entry WHERE escalation_id = :case ORDER BY id")
        return list((await self.connection.execute(query, {"case": case})).scalars())

    async def copies(self, row: int, **changed: str | int) -> None:
        """Insert the row once more under a number of its own, with these columns otherwise."""
        values = ", ".join(repr(changed[name]) if name in changed else name for name in COLUMNS)
        await self.does(
            f"INSERT INTO timeline_entry ({', '.join(COLUMNS)})"
            f" SELECT {values} FROM timeline_entry WHERE id = :row",
            row=row,
        )

    async def exchanges(self, one: int, other: int, *columns: str) -> None:
        """Swap what two rows have in these columns."""
        await self.does("CREATE TEMPORARY TABLE before AS SELECT * FROM timeline_entry")
        for to, of in ((one, other), (other, one)):
            theirs = ", ".join(
                f"{name} = (SELECT {name} FROM before WHERE id = :of)" for name in columns
            )
            await self.does(f"UPDATE timeline_entry SET {theirs} WHERE id = :to", of=of, to=to)


@contextlib.asynccontextmanager
async def attacking(desk: Desk) -> AsyncIterator[Attacker]:
    async with desk.database.engine.begin() as connection:
        await unguard_timeline(connection)
        yield Attacker(connection)
