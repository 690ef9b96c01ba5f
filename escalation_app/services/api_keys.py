"""Programs' keys: made and shown once, listed, revoked, and who holds one. A key acts as its person."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app import request_context
from escalation_app.db import api_keys, people
from escalation_app.domain.columns import LARGEST_ID
from escalation_app.domain.credentials import ApiKey, digest, new_secret
from escalation_app.domain.people import Permission, Person, Viewer
from escalation_app.domain.refusals import (
    DeskUnavailable,
    InvalidInput,
    KeyRefused,
    NoSuchKey,
    OutcomeUnknown,
)
from escalation_app.domain.text import NAME_LIMIT, required
from escalation_app.domain.vocabulary import Role
from escalation_app.services.desk import Desk
from escalation_app.services.viewers import as_viewer

log = logging.getLogger(__name__)

PREFIX = "desk_"
LONGEST_KEY = 200
# Keys have no number on the timeline.
LOOK_AGAIN = 0


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it is listed: whose it is, and never the key itself."""

    id: int
    label: str
    username: str
    owner: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey, person: Person) -> "KeyRow":
        assert key.id is not None
        return cls(
            id=key.id,
            label=key.label,
            username=person.username,
            owner=person.name,
            role=person.role,
            created_at=key.created_at,
            last_used_at=key.last_used_at,
            revoked_at=key.revoked_at,
        )


@dataclass(frozen=True, slots=True)
class PossibleHolder:
    """Somebody, or the AI agent, in whose name a program may act."""

    username: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who asks with a key, and with which of their keys."""

    key_id: int
    viewer: Viewer


async def create(
    desk: Desk, by: Viewer, username: str, label: str, *, secret: str | None = None
) -> str:
    """Return the new key, which is shown this once and stored hashed.

    Raises:
        NotPermitted
        InvalidInput: Nobody has that username, they were shut out, or there is no label.
    """
    by.must(Permission.MANAGE_KEYS)
    secret = secret or f"{PREFIX}{new_secret()}"
    label = required(label, "label", limit=NAME_LIMIT)
    username = required(username, "username", limit=64).casefold()
    async with desk.database.transaction() as session:
        person = await people.held_by_username(session, username)
        if person is None or person.id is None:
            raise InvalidInput("username", f"Nobody is called “{username}”.")
        if person.shut_out_at is not None:
            raise InvalidInput("username", f"{person.name} was shut out for good and gets no key.")
        session.add(
            ApiKey(
                key_hash=digest(secret),
                label=label,
                person_id=person.id,
                created_at=desk.clock(),
            )
        )
    request_context.mark_changed()
    await desk.announce(LOOK_AGAIN)
    return secret


async def listed(desk: Desk, by: Viewer) -> list[KeyRow]:
    """All keys, revoked ones too, newest first. Raises NotPermitted."""
    by.must(Permission.MANAGE_KEYS)
    async with desk.database.reading() as session:
        return await rows(session)


async def rows(session: AsyncSession) -> list[KeyRow]:
    """The same, for a view that has checked who looks."""
    return [KeyRow.of(*found) for found in await api_keys.all_with_holders(session)]


async def holders(desk: Desk, by: Viewer) -> list[PossibleHolder]:
    """Everybody a key can be made for, by name. Raises NotPermitted."""
    by.must(Permission.MANAGE_KEYS)
    async with desk.database.reading() as session:
        everybody = await people.everybody(session)
    return [
        PossibleHolder(one.username, one.name, one.role) for one in everybody if desk.admits(one)
    ]


async def revoke(desk: Desk, by: Viewer, key_id: int) -> None:
    """End a key from its next request on; once more is no change.

    Raises:
        NotPermitted, NoSuchKey
    """
    by.must(Permission.MANAGE_KEYS)
    if not 0 < key_id <= LARGEST_ID:
        raise NoSuchKey
    async with desk.database.transaction() as session:
        key = await session.get(ApiKey, key_id)
        if key is None:
            raise NoSuchKey
        key.revoked_at = key.revoked_at or desk.clock()
    request_context.mark_changed()
    await desk.announce(LOOK_AGAIN)


async def holder_of(desk: Desk, secret: str) -> KeyHolder:
    """Who holds this key, and note that it was used. A demo person's key opens only a demo.

    Raises:
        KeyRefused
    """
    if not secret or len(secret) > LONGEST_KEY:
        raise KeyRefused
    now = desk.clock()
    async with desk.database.glance() as session:
        found = await api_keys.holder(session, digest(secret))
    if found is None or not desk.admits(found.person):
        raise KeyRefused
    key, viewer = found.key, as_viewer(found.person, found.in_force)
    assert key.id is not None
    if key.wants_touch(now):
        await _note_used(desk, key.id, now)
    return KeyHolder(key.id, viewer)


async def _note_used(desk: Desk, key_id: int, now: datetime) -> None:
    try:
        async with desk.database.transaction() as session:
            await api_keys.touch(session, key_id, now)
    except (DeskUnavailable, OutcomeUnknown):
        # Whoever can be let in is let in; they are noted the next time.
        log.warning("it was not noted that key %s was used", key_id)
