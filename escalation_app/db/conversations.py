"""Queries on conversations and messages."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.conversation import Conversation, Message
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.vocabulary import Queue, Speaker

# No message has a higher number.
LAST = 2**31 - 1


async def lock(session: AsyncSession, conversation_id: int) -> Conversation | None:
    """The conversation, held until the transaction ends, so that message numbers stay unique."""
    query = select(Conversation).where(col(Conversation.id) == conversation_id).with_for_update()
    found: Conversation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def name_of(session: AsyncSession, conversation_id: int) -> tuple[Queue, str] | None:
    """What a program calls it. The two never change, so it need not be held for that."""
    query = select(col(Conversation.queue), col(Conversation.external_id)).where(
        col(Conversation.id) == conversation_id
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else (found[0], found[1])


async def hold_external_id(session: AsyncSession, queue: Queue, external_id: str) -> None:
    """Let nobody else begin a conversation or open a case of this id until the transaction ends.

    There may be no row to lock yet. On SQLite a writing transaction has the whole file.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = func.hashtextextended(f"{queue.value}:{external_id}", 0)
        await session.execute(select(func.pg_advisory_xact_lock(number)))


async def lock_named(session: AsyncSession, queue: Queue, external_id: str) -> Conversation | None:
    """The conversation that a program calls so, held like in `lock`; hold its external id first."""
    query = (
        select(Conversation)
        .where(col(Conversation.external_id) == external_id, col(Conversation.queue) == queue)
        .order_by(col(Conversation.id).desc())
        .limit(1)
        .with_for_update()
    )
    found: Conversation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def messages(session: AsyncSession, conversation_id: int) -> Sequence[Message]:
    query = (
        select(Message)
        .where(col(Message.conversation_id) == conversation_id)
        .order_by(col(Message.number))
    )
    return (await session.execute(query)).scalars().all()


async def automatic_responses(session: AsyncSession, conversation_id: int) -> frozenset[int]:
    """The numbers of the messages that the desk itself said: as it detected a case, at that moment."""
    query = (
        select(col(Message.number))
        .join(Escalation, col(Escalation.conversation_id) == col(Message.conversation_id))
        .where(
            col(Message.conversation_id) == conversation_id,
            col(Message.speaker) == Speaker.AGENT,
            col(Message.sent_at) == col(Escalation.created_at),
            col(Escalation.detector).is_not(None),
        )
    )
    return frozenset((await session.execute(query)).scalars())


async def messages_up_to(
    session: AsyncSession, conversation_id: int, number: int, newest: int
) -> Sequence[Message]:
    """The newest so many messages of those up to a number, oldest first."""
    query = (
        select(Message)
        .where(col(Message.conversation_id) == conversation_id, col(Message.number) <= number)
        .order_by(col(Message.number).desc())
        .limit(newest)
    )
    return (await session.execute(query)).scalars().all()[::-1]


async def newest_messages(
    session: AsyncSession, conversation_id: int, newest: int
) -> Sequence[Message]:
    return await messages_up_to(session, conversation_id, LAST, newest)


async def message(session: AsyncSession, conversation_id: int, number: int) -> Message | None:
    query = select(Message).where(
        col(Message.conversation_id) == conversation_id, col(Message.number) == number
    )
    found: Message | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def newest(session: AsyncSession, limit: int) -> Sequence[Conversation]:
    query = select(Conversation).order_by(col(Conversation.id).desc()).limit(limit)
    return (await session.execute(query)).scalars().all()


async def external_ids(session: AsyncSession, pattern: str) -> frozenset[str]:
    """Those that match an SQL pattern."""
    query = select(col(Conversation.external_id)).where(col(Conversation.external_id).like(pattern))
    return frozenset((await session.execute(query)).scalars())
