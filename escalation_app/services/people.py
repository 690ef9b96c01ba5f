"""People."""

from dataclasses import dataclass

from escalation_app.db import api_keys as keys
from escalation_app.db import people
from escalation_app.domain.people import Person, Scope, Viewer
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import NAME_LIMIT, required
from escalation_app.domain.vocabulary import Role
from escalation_app.services import passwords
from escalation_app.services.api_keys import LOOK_AGAIN
from escalation_app.services.desk import Desk
from escalation_app.services.sessions import hash_password
from escalation_app.services.supervisors import grant_within
from escalation_app.services.viewers import viewer_of


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Who was shut out, and how many of their sessions and keys that ended."""

    name: str
    sessions: int
    keys: int


async def create_person(
    desk: Desk,
    username: str,
    name: str,
    role: Role,
    password: str | None = None,
    scope: Scope | None = None,
    *,
    is_demo: bool = False,
) -> Person:
    """Add a person. With a scope, a supervisor sees it in both queues; without one, nothing yet.

    Raises:
        InvalidInput: The username is empty or taken, or the password soon guessed.
        InvalidConfiguration: The scope is empty, or a tag can't be one.
    """
    username = required(username, "username", limit=64).casefold()
    if password and not is_demo:
        passwords.check(password, username, name)
    person = Person(
        username=username,
        name=required(name, "name", limit=NAME_LIMIT),
        role=role,
        password_hash=await hash_password(password) if password else None,
        is_demo=is_demo,
        created_at=desk.clock(),
    )
    async with desk.changing() as change:
        if await people.by_username(change.session, username) is not None:
            raise InvalidInput("username", f"There already is a person called “{username}”.")
        change.session.add(person)
        if scope is not None and role is Role.SUPERVISOR:
            await grant_within(desk, change, {username: scope})
    return person


async def shut_out(desk: Desk, username: str) -> ShutOut:
    """End a person's sessions, keys and password, and make them no key again: for good.

    What they did, and have, stays theirs.

    Raises:
        InvalidInput: Nobody has that username.
    """
    username = required(username, "username", limit=64).casefold()
    async with desk.database.transaction() as session:
        person = await people.by_username(session, username)
        if person is None or person.id is None:
            raise InvalidInput("username", f"Nobody is called “{username}”.")
        now = desk.clock()
        person.password_hash, person.shut_out_at = None, person.shut_out_at or now
        # First, so that a sign-in that is under way either is over by now or finds no password,
        # and a key that is being made is there by now or is not made.
        await session.flush()
        ended = await people.end_sessions_of(session, person.id)
        revoked = await keys.revoke_all_of(session, person.id, now)
    await desk.announce(LOOK_AGAIN)
    return ShutOut(person.name, ended, revoked)


async def as_viewer(desk: Desk, person: Person) -> Viewer:
    """The person as one who asks, for who acts in somebody's name: the demo and the tests."""
    async with desk.database.reading() as session:
        return await viewer_of(session, person)
