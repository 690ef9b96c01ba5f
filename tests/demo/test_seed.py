from dataclasses import replace

from escalation_app.db import case_lists, timeline
from escalation_app.db import people as people_queries
from escalation_app.demo import seed
from escalation_app.demo.configuration import CONDITIONS, OMARS_SCOPE
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import ALL_QUEUES, EVERYTHING, Scopes, Viewer
from escalation_app.domain.vocabulary import Queue, Status, TimelineKind, View
from escalation_app.services import people, settings
from escalation_app.services.coverage import coverage
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import tell_overdue


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
    await settings.save(desk, await viewer(desk, "lina"), first.revision, first.draft)
    assert await coverage(desk, await viewer(desk, "lina")) == []
    async with desk.database.reading() as session:
        everything = QueueFilter(view=View.ALL)
        counts = await case_lists.counts(session, EVERYTHING, Queue.PUBLISHED, everything)
    await seed.seed(desk)
    assert await settings.read(desk, await viewer(desk, "lina")) == first
    assert counts.all > 20


async def test_what_is_overdue_in_the_demo_was_told_when_it_became_so(desk: Desk) -> None:
    await seed.seed(desk)
    begun = desk.clock()
    overdue = 0
    async with desk.database.reading() as session:
        everything = QueueFilter(view=View.ALL)
        page = await case_lists.page(session, EVERYTHING, Queue.PUBLISHED, everything, 0, 100)
        for case in page:
            assert case.id is not None
            history = await timeline.of_case(session, case.id)
            told = [entry for entry in history if entry.kind is TimelineKind.OVERDUE]
            is_overdue = case.status is not Status.COMPLETED and case.due_at <= begun
            assert [entry.at for entry in told] == [case.due_at] * is_overdue
            assert [entry.at for entry in history] == sorted(entry.at for entry in history)
            overdue += is_overdue
    assert overdue > 2
    # The desk finds nothing to make up for when it starts.
    assert await tell_overdue(replace(desk, clock=lambda: begun)) == 0
