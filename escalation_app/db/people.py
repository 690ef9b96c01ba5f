"""Queries on people, their sessions, keys and sign-in attempts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.upsert import upsert
from escalation_app.domain.clocks import CLOCKS_DIFFER_BY
from escalation_app.domain.credentials import (
    ABSOLUTE_LIMIT,
    ATTEMPT_WINDOW,
    SignInAttempts,
    SignInSession,
)
from escalation_app.domain.people import Person

# Asked again and again for all open tabs, so it is put together once.
_HOLDERS = (
    select(SignInSession, Person)
    .join(Person, col(Person.id) == col(SignInSession.person_id))
    .where(col(SignInSession.token_hash).in_(bindparam("hashes", expanding=True)))
)


async def by_username(session: AsyncSession, username: str) -> Person | None:
    query = select(Person).where(col(Person.username) == username)
    found: Person | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def held_by_username(session: AsyncSession, username: str) -> Person | None:
    """As they are now, and stay until the transaction's end."""
    query = select(Person).where(col(Person.username) == username).with_for_update(read=True)
    found: Person | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def everybody(session: AsyncSession) -> Sequence[Person]:
    """By name, the AI agent included."""
    query = select(Person).order_by(col(Person.name), col(Person.username))
    return (await session.execute(query)).scalars().all()


async def holders(
    session: AsyncSession, token_hashes: Collection[str]
) -> Mapping[str, tuple[SignInSession, Person]]:
    """The sessions that still stand, by their token's hash, with whose they are."""
    rows = (await session.execute(_HOLDERS, {"hashes": sorted(token_hashes)})).all()
    return {row[0].token_hash: (row[0], row[1]) for row in rows}


async def note_seen(session: AsyncSession, token_hashes: Collection[str], now: datetime) -> None:
    """Of those that still stand: whoever signed out meanwhile is left alone."""
    seen = update(SignInSession).where(col(SignInSession.token_hash).in_(sorted(token_hashes)))
    await session.execute(seen.values(last_seen_at=now))


async def end_session(session: AsyncSession, token_hash: str) -> None:
    await session.execute(delete(SignInSession).where(col(SignInSession.token_hash) == token_hash))


async def end_sessions_of(session: AsyncSession, person_id: int) -> int:
    """All of one person, and how many there were."""
    query = delete(SignInSession).where(col(SignInSession.person_id) == person_id)
    ended = await session.execute(query.returning(col(SignInSession.id)))
    return len(ended.all())


async def held_password_hash(session: AsyncSession, person_id: int) -> str | None:
    """As it is now, and stays until the transaction's end."""
    query = select(col(Person.password_hash)).where(col(Person.id) == person_id)
    found: str | None = (
        await session.execute(query.with_for_update(read=True))
    ).scalar_one_or_none()
    return found


async def count_attempt(session: AsyncSession, key: str, now: datetime) -> int:
    """Count one more attempt and return how many the window holds, in one atomic statement.

    Parallel attempts each get a number of their own, so none can pass uncounted.
    """
    began = col(SignInAttempts.window_started_at)
    # A window that is still to come was begun by a clock that has been set back.
    expired = or_(began <= now - ATTEMPT_WINDOW, began > now + CLOCKS_DIFFER_BY)
    statement = (
        upsert(session, SignInAttempts)
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


async def forgive_attempt(session: AsyncSession, key: str) -> None:
    """Take one attempt back: it was no guess."""
    await session.execute(
        update(SignInAttempts)
        .where(col(SignInAttempts.key) == key, col(SignInAttempts.attempts) > 0)
        .values(attempts=col(SignInAttempts.attempts) - 1)
    )


async def forget_the_past(session: AsyncSession, now: datetime) -> None:
    """Remove attempts and sessions that count for nothing any more."""
    old_attempts = col(SignInAttempts.window_started_at) <= now - ATTEMPT_WINDOW
    await session.execute(delete(SignInAttempts).where(old_attempts))
    await session.execute(
        delete(SignInSession).where(col(SignInSession.created_at) <= now - ABSOLUTE_LIMIT)
    )
