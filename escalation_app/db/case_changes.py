"""What a verb on a case reads and writes, in as few trips as can be: the case, its fact, its delivery.

It goes past the ORM, whose part in a click would be larger than all the rest of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import class_mapper

from escalation_app.db import case_statements as statements
from escalation_app.db import straight
from escalation_app.db.engine import is_straight
from escalation_app.domain.delivery import Delivery
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import TimelineKind


@dataclass(frozen=True, slots=True)
class Found:
    """A case for a verb to change, how it was, and whether its queue's webhook is told.

    `is_told_second`: the history has it that this person, never the desk itself, came second to the
    claim that holds.
    """

    case: Escalation
    before: Mapping[str, Any]
    has_webhook: bool
    is_told_second: bool


async def find(
    connection: AsyncConnection, number: int, person_id: int | None, *, held: bool = False
) -> Found | None:
    """A case by its number, for this person, None for the desk itself.

    In a transaction it may be held, so that no other hand is faster.
    """
    if held and connection.dialect.name != "sqlite":
        # Apart from the look: what a statement waits for it reads anew, and nothing else.
        await connection.execute(statements.HOLD, {"number": number})
    row = await _first(connection, statements.TO_CHANGE, {"number": number, "person": person_id})
    if row is None:
        return None
    *values, has_webhook, newest_claim = row
    before = dict(zip(statements.CASE, values, strict=True))
    is_told_second = newest_claim is TimelineKind.CLAIM_REFUSED
    return Found(_made_of(before), before, has_webhook, is_told_second)


async def write(
    connection: AsyncConnection, found: Found, fact: TimelineEntry, delivery: Delivery | None
) -> bool:
    """What the verb has changed, and its fact, which gets its number.

    False: another hand was first, and nothing is done.
    """
    now = vars(found.case)
    changed = {name: now[name] for name, was in found.before.items() if now[name] != was}
    case = statements.named_for_the_case(changed)
    case |= {"number": found.case.id, "was": found.before["entries"]}
    entry = {name: getattr(fact, name) for name in statements.FACT}
    told = {name: getattr(delivery, name) for name in statements.DELIVERY} if delivery else {}
    names = tuple(changed)
    if connection.dialect.name == "sqlite":
        # Which has no statement that changes two tables; the transaction holds the case.
        if (await connection.execute(statements.change(names), case)).rowcount == 0:
            return False
        fact.id = (await connection.execute(statements.INSERT_FACT, entry)).scalar_one()
        if told:
            await connection.execute(statements.INSERT_DELIVERY, told | {"entry_id": fact.id})
        return True
    query = statements.change_with_fact(names, is_told=delivery is not None)
    everything = case | statements.named_for_the_fact(entry) | statements.named_to_tell(told)
    row = await _first(connection, query, everything)
    fact.id = row[0] if row else None
    return row is not None


async def _first(
    connection: AsyncConnection, query: Executable, values: Mapping[str, Any]
) -> Sequence[Any] | None:
    """Within a transaction as ever; where each statement is one by itself, straight to the driver."""
    if is_straight(connection):
        return await straight.first(connection, query, values)
    return (await connection.execute(query, values)).first()


def _made_of(values: Mapping[str, Any]) -> Escalation:
    """As the ORM makes one, without a session that looks after it."""
    case: Escalation = class_mapper(Escalation).class_manager.new_instance()
    vars(case).update(values)
    return case
