"""Queries on conversations and messages."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.conversation import Conversation, Message


async def lock(session: AsyncSession, conversation_id: int) -> Conversation | None:
    """The conversation, held until the transaction ends, so that message numbers stay unique."""
    query = select(Conversation).where(col(Conversation.id) == conversation_id).with_for_update()
    found: Conversation | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def messages(session: AsyncSession, conversation_id: int) -> Sequence[Message]:
    query = (
        select(Message)
        .where(col(Message.conversation_id) == conversation_id)
        .order_by(col(Message.number))
    )
    return (await session.execute(query)).scalars().all()


async def newest(session: AsyncSession, limit: int) -> Sequence[Conversation]:
    query = select(Conversation).order_by(col(Conversation.id).desc()).limit(limit)
    return (await session.execute(query)).scalars().all()


async def external_ids(session: AsyncSession, pattern: str) -> frozenset[str]:
    """Those that match an SQL pattern."""
    query = select(col(Conversation.external_id)).where(col(Conversation.external_id).like(pattern))
    return frozenset((await session.execute(query)).scalars())
