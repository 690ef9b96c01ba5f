"""Which of the two databases a session speaks to."""

from sqlalchemy.ext.asyncio import AsyncSession


def is_sqlite(session: AsyncSession) -> bool:
    return bool(session.get_bind().dialect.name == "sqlite")
