"""People."""

from escalation_app.db import people
from escalation_app.domain.people import Person, Scope, Viewer
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import NAME_LIMIT, required
from escalation_app.domain.vocabulary import Role
from escalation_app.services import passwords
from escalation_app.services.desk import Desk
from escalation_app.services.sessions import hash_password
from escalation_app.services.supervisors import grant_within
from escalation_app.services.viewers import viewer_of


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


async def as_viewer(desk: Desk, person: Person) -> Viewer:
    """The person as one who asks, for who acts in somebody's name: the demo and the tests."""
    async with desk.database.reading() as session:
        return await viewer_of(session, person)
