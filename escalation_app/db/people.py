"""Queries on people, their sessions, keys and sign-in attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.credentials import ATTEMPT_WINDOW, SignInAttempts, SignInSession
from escalation_app.domain.people import Person


async def by_username(session: AsyncSession, username: str) -> Person | None:
    query = select(Person).where(col(Person.username) == username)
    found: Person | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def signed_in(session: AsyncSession, token_hash: str) -> tuple[SignInSession, Person] | None:
    query = (
        select(SignInSession, Person)
        .join(Person, col(Person.id) == col(SignInSession.person_id))
        .where(col(SignInSession.token_hash) == token_hash)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def end_session(session: AsyncSession, token_hash: str) -> None:
    await session.execute(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash))


async def count_attempt(session: AsyncSession, key: str, now: datetime) -> int:
    """Count one more attempt and return how many the window holds, in one atomic statement.

    Parallel attempts each get a number of their own, so none can pass uncounted.
    """
    insert: Any = (
        sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    )
    expired = col(SignInAttempts.window_started_at) <= now - ATTEMPT_WINDOW
    statement = (
        insert(SignInAttempts)
        .values(key=key, window_started_at=now, attempts=1)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "attempts": case((expired, 1), else_=col(SignInAttempts.attempts) + 1),
                "window_started_at": case(
                    (expired, now), else_=col(SignInAttempts.window_started_at)
                ),
            },
        )
        .returning(col(SignInAttempts.attempts))
    )
    return int((await session.execute(statement)).scalar_one())


async def forget_attempts(session: AsyncSession, key: str) -> None:
    await session.execute(delete(SignInAttempts).where(col(SignInAttempts.key) == key))
