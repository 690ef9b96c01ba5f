"""Signing in and out, and who somebody is."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import people
from escalation_app.domain.credentials import (
    ATTEMPT_WINDOW,
    ATTEMPTS_PER_ADDRESS,
    ATTEMPTS_PER_NAME_AND_ADDRESS,
    SignInSession,
    digest,
    network_of,
    new_secret,
)
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import (
    DeskUnavailable,
    NotSignedIn,
    OutcomeUnknown,
    SignInRefused,
    TooManyAttempts,
)
from escalation_app.domain.text import without_unstorable
from escalation_app.services.desk import Desk
from escalation_app.services.viewers import viewer_of, viewers_of

log = logging.getLogger(__name__)

_hasher = PasswordHasher()
# Argon2 takes 64 MiB and a core for a while; more at once would starve the desk.
_two_at_a_time = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hashing")


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_two_at_a_time, _hasher.hash, password)


async def sign_in(desk: Desk, username: str, password: str, address: str) -> tuple[str, Viewer]:
    """Return a new session's secret and whose it is.

    The attempt is counted before the password is looked at.

    Raises:
        TooManyAttempts, SignInRefused
    """
    # A name that can't be stored is nobody's; without what can't be, it is looked up like any other.
    name = without_unstorable(username).strip().casefold()[:64]
    await _count(desk, name, address)
    async with desk.database.reading() as session:
        person = await people.by_username(session, name)
    stored = person.password_hash if person and person.password_hash else _nobodys_hash()
    matches = await _verify(stored, password)
    if person is None or not person.password_hash or not matches or not desk.admits(person):
        raise SignInRefused
    secret, now = new_secret(), desk.clock()
    async with desk.database.transaction() as session:
        assert person.id is not None
        # Whoever was shut out while the password was looked at stays out.
        if await people.held_password_hash(session, person.id) != stored:
            raise SignInRefused
        session.add(
            SignInSession(
                token_hash=digest(secret), person_id=person.id, created_at=now, last_seen_at=now
            )
        )
        await people.forget_attempts(session, _name_key(name, address))
        # An office behind one address signs in every morning; only failures count against it.
        await people.forgive_attempt(session, _address_key(address))
        viewer = await viewer_of(session, person)
    return secret, viewer


async def sign_out(desk: Desk, secret: str) -> None:
    """End the session; every tab that lives on it ends with its next synchronisation."""
    async with desk.database.transaction() as session:
        await people.end_session(session, digest(secret))


async def who(desk: Desk, secret: str | None) -> Viewer:
    """Who holds this session, and note that they were seen.

    Raises:
        NotSignedIn: There is no such session, or it has expired.
    """
    found = await desk.together(_standing_now, secret) if secret else None
    if found is None:
        raise NotSignedIn
    session, viewer = found
    if session.wants_touch(desk.clock()):
        await desk.together(_note_seen, session.token_hash)
    return viewer


async def lives(desk: Desk, secret: str) -> bool:
    """Whether somebody holds this session, without counting as activity."""
    return await desk.together(_living, secret)


async def holders(desk: Desk, session: AsyncSession, secrets: Collection[str]) -> dict[str, Viewer]:
    """Who holds each of these sessions, without counting as activity; ended ones are left out."""
    return {
        secret: viewer for secret, (_, viewer) in (await _standing(desk, session, secrets)).items()
    }


async def forget_the_past(desk: Desk) -> None:
    """Remove sessions that have ended and attempts that count for nothing any more."""
    async with desk.database.transaction() as session:
        await people.forget_the_past(session, desk.clock())


async def _standing(
    desk: Desk, session: AsyncSession, secrets: Collection[str]
) -> dict[str, tuple[SignInSession, Viewer]]:
    by_hash = {digest(secret): secret for secret in secrets}
    standing = (await people.holders(session, by_hash.keys())).values()
    now = desk.clock()
    live = [(row, person) for row, person in standing if row.is_live(now) and desk.admits(person)]
    viewers = await viewers_of(session, [person for _, person in live])
    return {
        by_hash[row.token_hash]: (row, viewer)
        for (row, _), viewer in zip(live, viewers, strict=True)
    }


async def _living(desk: Desk, secrets: Sequence[str]) -> list[bool]:
    async with desk.database.reading() as session:
        found = await _standing(desk, session, set(secrets))
    return [secret in found for secret in secrets]


async def _standing_now(
    desk: Desk, secrets: Sequence[str]
) -> list[tuple[SignInSession, Viewer] | None]:
    async with desk.database.reading() as session:
        found = await _standing(desk, session, set(secrets))
    return [found.get(secret) for secret in secrets]


async def _note_seen(desk: Desk, token_hashes: Sequence[str]) -> list[None]:
    try:
        async with desk.database.transaction() as session:
            await people.note_seen(session, set(token_hashes), desk.clock())
    except (DeskUnavailable, OutcomeUnknown):
        # Whoever can be let in is let in; they are noted the next time.
        log.warning("it was not noted that %d sessions were seen", len(set(token_hashes)))
    return [None] * len(token_hashes)


async def _count(desk: Desk, name: str, address: str) -> None:
    now = desk.clock()
    refusal = TooManyAttempts(round(ATTEMPT_WINDOW.total_seconds() / 60))
    async with desk.few_sign_ins, desk.database.transaction() as session:
        by_address = await people.count_attempt(session, _address_key(address), now)
        # Nothing more is kept for an address that is turned away, whatever names it tries.
        is_over = by_address > ATTEMPTS_PER_ADDRESS
        by_name = (
            0 if is_over else await people.count_attempt(session, _name_key(name, address), now)
        )
    if is_over or by_name > ATTEMPTS_PER_NAME_AND_ADDRESS:
        raise refusal


def _name_key(name: str, address: str) -> str:
    # The name is anybody's text; its digest is short and always storable.
    return f"name:{digest(name)[:32]}:{network_of(address)}"[:200]


def _address_key(address: str) -> str:
    return f"address:{network_of(address)}"[:200]


async def _verify(stored: str, password: str) -> bool:
    verify = partial(_hasher.verify, stored, password)
    try:
        return await asyncio.get_running_loop().run_in_executor(_two_at_a_time, verify)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """An unknown name costs as much time as a known one."""
    return _hasher.hash(new_secret())
