"""Single escalations: by their number, of their conversation, past their target."""

from datetime import datetime

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import fresh_queue  # noqa: F401 - triggers
from escalation_app.db.narrowing import visible_to
from escalation_app.domain.columns import UtcDateTime
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.escalation_table import NOT_TOLD_OVERDUE
from escalation_app.domain.people import Scope, Scopes
from escalation_app.domain.vocabulary import Queue, Status

_BY_NUMBER = select(Escalation).where(col(Escalation.id) == bindparam("number"))
_HELD_BY_NUMBER = _BY_NUMBER.with_for_update(key_share=True)


async def find(
    session: AsyncSession, scopes: Scopes, escalation_id: int, *, held: bool = False
) -> Escalation | None:
    """A case by its number, if it is inside the scope that holds in the case's own queue.

    In a writing transaction it may be held until its end, so that no other hand is faster.
    """
    query = _HELD_BY_NUMBER if held else _BY_NUMBER
    found = (await session.execute(query, {"number": escalation_id})).scalar_one_or_none()
    return found if found is not None and is_inside(found, scopes) else None


def is_inside(case: Escalation, scopes: Scopes) -> bool:
    """Whether it is inside the scope that holds in its own queue."""
    return scopes.of(case.queue).covers(case.topic, case.area)


async def open_case_of(
    session: AsyncSession, conversation_id: int, *, held: bool = False
) -> Escalation | None:
    """The case of a conversation that is not completed; there is at most one.

    In a writing transaction it is held until its end, so that a verb on it waits.
    """
    query = select(Escalation).where(
        col(Escalation.conversation_id) == conversation_id,
        col(Escalation.status) != Status.COMPLETED,
    )
    if held:
        query = query.with_for_update()
    found: Escalation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def newest_case_of(
    session: AsyncSession, conversation_id: int, *, held: bool = False
) -> Escalation | None:
    """The conversation's newest case, whatever became of it. If one is open, it is this."""
    query = (
        select(Escalation)
        .where(col(Escalation.conversation_id) == conversation_id)
        .order_by(col(Escalation.id).desc())
        .limit(1)
    )
    if held:
        query = query.with_for_update()
    found: Escalation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def newest_of(session: AsyncSession, scope: Scope, queue: Queue, conversation_id: int) -> int:
    """The number of the conversation's newest case, whatever became of it; 0 for none."""
    query = visible_to(scope, queue, func.max(col(Escalation.id)))
    query = query.where(col(Escalation.conversation_id) == conversation_id)
    return (await session.execute(query)).scalar_one() or 0


async def open_case_named(session: AsyncSession, queue: Queue, external_id: str) -> int | None:
    """The number of a case that is not completed, of a conversation of this external id."""
    query = (
        select(col(Escalation.id))
        .join(Conversation, col(Conversation.id) == col(Escalation.conversation_id))
        .where(
            col(Conversation.external_id) == external_id,
            col(Escalation.queue) == queue,
            col(Escalation.status) != Status.COMPLETED,
        )
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def newly_overdue(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Numbers of the next open cases past their target of which was not told yet.

    There are up to `limit` per status.
    """
    found: list[int] = []
    for query in _NEWLY_OVERDUE:
        numbers = (await session.execute(query, {"now": now, "most": limit})).scalars()
        found.extend(number for number in numbers if number)
    return found


# Asked every few seconds, so they are put together once.
_NEWLY_OVERDUE = [
    select(col(Escalation.id))
    .where(not_told, col(Escalation.due_at) <= bindparam("now", type_=UtcDateTime()))
    .order_by(col(Escalation.due_at))
    .limit(bindparam("most", type_=Integer))
    for not_told in NOT_TOLD_OVERDUE.values()
]
