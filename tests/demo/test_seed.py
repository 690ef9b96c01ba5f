from escalation_app.db import escalations as queries
from escalation_app.db import people as people_queries
from escalation_app.demo import seed
from escalation_app.demo.configuration import CONDITIONS, OMARS_SCOPE
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import ALL_QUEUES, EVERYTHING, Scopes, Viewer
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services import people, settings
from escalation_app.services.desk import Desk


async def viewer(desk: Desk, username: str) -> Viewer:
    async with desk.database.reading() as session:
        person = await people_queries.by_username(session, username)
    assert person is not None
    return await people.as_viewer(desk, person)


async def test_the_demo_begins_configured_and_seeding_again_changes_nothing(desk: Desk) -> None:
    await seed.seed(desk)
    first = await settings.read(desk, await viewer(desk, "lina"))
    assert (first.version, first.changes) == (1, ())
    assert first.draft.enabled
    assert first.draft.conditions == CONDITIONS
    assert (await viewer(desk, "maria")).scopes == ALL_QUEUES
    assert (await viewer(desk, "omar")).scopes == Scopes(OMARS_SCOPE, OMARS_SCOPE)
    await settings.check(desk, await viewer(desk, "lina"), first.draft)
    assert await settings.coverage(desk, await viewer(desk, "lina")) == []
    async with desk.database.reading() as session:
        everything = QueueFilter(view=View.ALL)
        counts = await queries.counts(session, EVERYTHING, Queue.PUBLISHED, everything)
    await seed.seed(desk)
    assert await settings.read(desk, await viewer(desk, "lina")) == first
    assert counts.all > 20
