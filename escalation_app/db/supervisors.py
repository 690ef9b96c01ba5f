"""Queries on the people that the settings speak of."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.people import Person
from escalation_app.domain.vocabulary import Role


async def roles(session: AsyncSession, usernames: Collection[str]) -> dict[str, Role]:
    """The role of each who exists."""
    query = select(col(Person.username), col(Person.role)).where(
        col(Person.username).in_(sorted(usernames))
    )
    rows = (await session.execute(query)).all()
    return {row.username: row.role for row in rows}


async def names(session: AsyncSession, usernames: Collection[str]) -> dict[str, str]:
    """What each who exists is called."""
    query = select(col(Person.username), col(Person.name)).where(
        col(Person.username).in_(sorted(usernames))
    )
    return {row.username: row.name for row in (await session.execute(query)).all()}


async def search(session: AsyncSession, text: str, limit: int) -> Sequence[Person]:
    """Supervisors with this in their name or username, but for those who were shut out."""
    query = (
        select(Person)
        .where(col(Person.role) == Role.SUPERVISOR, col(Person.shut_out_at).is_(None))
        .where(
            or_(
                col(Person.username).icontains(text, autoescape=True),
                col(Person.name).icontains(text, autoescape=True),
            )
        )
        .order_by(col(Person.name), col(Person.username))
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()
