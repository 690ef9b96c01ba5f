"""People and their API keys."""

from escalation_app.db import people
from escalation_app.domain.credentials import ApiKey, digest, new_secret
from escalation_app.domain.people import Person, Scope
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import NAME_LIMIT, required
from escalation_app.domain.vocabulary import Role
from escalation_app.services.desk import Desk
from escalation_app.services.sessions import hash_password


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
    """Raises InvalidInput when the username is empty or taken."""
    username = required(username, "username", limit=64).casefold()
    scope = scope or Scope()
    person = Person(
        username=username,
        name=required(name, "name", limit=NAME_LIMIT),
        role=role,
        password_hash=await hash_password(password) if password else None,
        is_demo=is_demo,
        topics=None if scope.topics is None else sorted(scope.topics),
        areas=None if scope.areas is None else sorted(scope.areas),
        created_at=desk.clock(),
    )
    async with desk.database.transaction() as session:
        if await people.by_username(session, username) is not None:
            raise InvalidInput("username", f"There already is a person called “{username}”.")
        session.add(person)
    return person


async def create_api_key(
    desk: Desk, username: str, label: str, *, secret: str | None = None
) -> str:
    """Return the new key, which is shown this once and stored hashed.

    Raises:
        InvalidInput: Nobody has that username.
    """
    secret = secret or f"desk_{new_secret()}"
    async with desk.database.transaction() as session:
        person = await people.by_username(session, username.casefold())
        if person is None or person.id is None:
            raise InvalidInput("username", f"Nobody is called “{username}”.")
        session.add(
            ApiKey(
                key_hash=digest(secret),
                label=required(label, "label", limit=NAME_LIMIT),
                person_id=person.id,
                created_at=desk.clock(),
            )
        )
    return secret
