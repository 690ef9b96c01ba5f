"""Queries on summaries."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.summary import Summary


async def newest(session: AsyncSession, escalation_id: int) -> Summary | None:
    """The one that knows most of the conversation; of those that know as much, the latest."""
    query = (
        select(Summary)
        .where(col(Summary.escalation_id) == escalation_id)
        .order_by(col(Summary.message_count).desc(), col(Summary.id).desc())
        .limit(1)
    )
    found: Summary | None = (await session.execute(query)).scalar_one_or_none()
    return found
