"""Who asks, with what the configurations in force let them see."""

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations
from escalation_app.domain.people import Person, Scopes, Viewer
from escalation_app.domain.vocabulary import Queue


async def viewer_of(session: AsyncSession, person: Person) -> Viewer:
    """The one way from a person to a viewer: nobody's scope comes from anywhere else."""
    bundles = await configurations.in_force(session)
    return person.as_viewer(
        Scopes(
            preview=bundles[Queue.PREVIEW].scope_of(person.username),
            published=bundles[Queue.PUBLISHED].scope_of(person.username),
        )
    )
