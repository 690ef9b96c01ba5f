"""Who asks, with what the configurations in force let them see."""

from collections.abc import Iterable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.people import Person, Scopes, Viewer
from escalation_app.domain.refusals import NotSignedIn
from escalation_app.domain.vocabulary import Queue
from escalation_app.services.desk import Desk


async def viewer_of(session: AsyncSession, person: Person) -> Viewer:
    """The one way from a person to a viewer: nobody's scope comes from anywhere else."""
    return (await viewers_of(session, [person]))[0]


async def as_of_now(session: AsyncSession, desk: Desk, viewer: Viewer) -> Viewer:
    """The same person with the rights that hold now, for what takes longer than a click.

    Raises:
        NotSignedIn: They are not let in any more.
    """
    person = await session.get(Person, viewer.person_id)
    if person is None or not desk.admits(person):
        raise NotSignedIn
    return await viewer_of(session, person)


async def viewers_of(session: AsyncSession, people: Iterable[Person]) -> list[Viewer]:
    """Like `viewer_of` for several, in their order; the configurations are read once."""
    in_force = await configurations.in_force(session)
    return [as_viewer(person, in_force) for person in people]


def as_viewer(person: Person, in_force: Mapping[Queue, Configuration]) -> Viewer:
    """The same for who was read together with what is in force."""
    return person.as_viewer(
        Scopes(
            preview=in_force[Queue.PREVIEW].scope_of(person.username),
            published=in_force[Queue.PUBLISHED].scope_of(person.username),
        )
    )
