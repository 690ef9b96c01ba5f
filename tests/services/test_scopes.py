"""What a supervisor may see is a matter of the queue: preview has the draft's, published the version's."""

from dataclasses import replace

import pytest

from escalation_app.db import case_lists, timeline
from escalation_app.db import people as people_queries
from escalation_app.domain.configuration import SupervisorScope
from escalation_app.domain.configuration_refusals import InvalidConfiguration
from escalation_app.domain.configuration_rules import MOST_TAGS
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import ALL_QUEUES, EVERYTHING, NO_QUEUE, NOTHING, Scope, Viewer
from escalation_app.domain.refusals import NoSuchCase
from escalation_app.domain.vocabulary import Queue, Role, View
from escalation_app.services import cases as case_service
from escalation_app.services import escalations, people, settings, supervisors
from escalation_app.services import queue as queue_service
from escalation_app.services.coverage import coverage, uncovered_once_published
from escalation_app.services.desk import Desk
from tests.cast import OMARS, Cast, a_case, grant, id_of
from tests.domain.configurations import ANGRY

ALL = QueueFilter(view=View.ALL)


async def seen_again(desk: Desk, username: str) -> Viewer:
    """As the next click finds them."""
    async with desk.database.reading() as session:
        person = await people_queries.by_username(session, username)
    assert person is not None
    return await people.as_viewer(desk, person)


async def in_the_draft(desk: Desk, cast: Cast, *scopes: SupervisorScope) -> None:
    now = await settings.read(desk, cast.lina)
    bundle = replace(
        now.draft, topics=("Billing", "Booking", "Refund"), areas=("Payment",), supervisors=scopes
    )
    await settings.save(desk, cast.lina, now.revision, bundle)


async def listed(desk: Desk, who: Viewer, queue: Queue) -> list[int | None]:
    async with desk.database.reading() as session:
        rows, _ = await queue_service.rows(session, who.scope_in(queue), queue, ALL, 0, 50)
        counts = await case_lists.counts(session, who.scope_in(queue), queue, ALL)
    assert counts.all == len(rows)
    return [row.id for row in rows]


async def test_omar_sees_other_cases_in_preview_than_in_published(desk: Desk, cast: Cast) -> None:
    await in_the_draft(desk, cast, SupervisorScope("omar", ("Booking",), None))
    omar = await seen_again(desk, "omar")
    assert omar.scopes.published == OMARS
    cases = {
        (queue, topic): id_of(await a_case(desk, cast, queue=queue, topic=topic))
        for queue in Queue
        for topic in ("Booking", "Refund")
    }
    his = {(Queue.PREVIEW, "Booking"), (Queue.PUBLISHED, "Refund")}
    for queue in Queue:
        expected = [number for key, number in cases.items() if key in his and key[0] is queue]
        assert await listed(desk, omar, queue) == expected
        async with desk.database.reading() as session:
            missed = await timeline.count_since(
                session, omar.scope_in(queue), queue, QueueFilter(), 0
            )
            topics, _ = await queue_service.filter_options(session, omar.scope_in(queue), queue)
        assert missed == 1
        assert topics == omar.scope_in(queue).topics
    for key, number in cases.items():
        async with desk.database.reading() as session:
            shown = await case_service.case(session, omar, key[0], number)
        assert (shown is not None) == (key in his)
        if key in his:
            await escalations.claim(desk, omar, number)
        else:
            with pytest.raises(NoSuchCase):
                await escalations.claim(desk, omar, number)


async def test_a_case_is_not_shown_under_the_other_queues_address(desk: Desk, cast: Cast) -> None:
    number = id_of(await a_case(desk, cast, queue=Queue.PREVIEW))
    async with desk.database.reading() as session:
        assert await case_service.case(session, cast.maria, Queue.PUBLISHED, number) is None


async def test_publishing_brings_the_scope_to_the_published_queue(desk: Desk, cast: Cast) -> None:
    await in_the_draft(desk, cast, SupervisorScope("omar", ("Booking",), ("Payment",)))
    now = await settings.read(desk, cast.lina)
    await settings.publish(desk, cast.lina, now.revision)
    omar, maria = await seen_again(desk, "omar"), await seen_again(desk, "maria")
    assert omar.scopes.published == omar.scopes.preview
    assert omar.scopes.preview == Scope(frozenset({"Booking"}), frozenset({"Payment"}))
    assert maria.scopes == NO_QUEUE


async def test_a_supervisor_whom_nobody_named_sees_nothing(desk: Desk, cast: Cast) -> None:
    await people.create_person(desk, "paula", "Paula", Role.SUPERVISOR)
    paula = await seen_again(desk, "paula")
    case_id = id_of(await a_case(desk, cast))
    assert paula.scopes == NO_QUEUE
    for queue in Queue:
        assert await listed(desk, paula, queue) == []
    with pytest.raises(NoSuchCase):
        await escalations.claim(desk, paula, case_id)


async def test_builder_and_admin_see_all_and_the_agent_no_queue(cast: Cast) -> None:
    assert cast.lina.scopes == cast.admin.scopes == ALL_QUEUES
    assert cast.agent.scopes == NO_QUEUE


async def test_a_person_created_with_a_scope_has_it_in_both_queues(desk: Desk, cast: Cast) -> None:
    before = await settings.read(desk, cast.lina)
    scope = Scope(frozenset({"Weather"}), None)
    await people.create_person(desk, "paula", "Paula", Role.SUPERVISOR, None, scope)
    paula = await seen_again(desk, "paula")
    assert (paula.scopes.preview, paula.scopes.published) == (scope, scope)
    after = await settings.read(desk, cast.lina)
    assert after.version == before.version + 1
    assert "Weather" in after.draft.topics
    assert await settings.save(desk, cast.lina, after.revision, after.draft) == after.revision


async def test_granting_publishes_nothing_of_an_unpublished_draft(desk: Desk, cast: Cast) -> None:
    await in_the_draft(desk, cast, SupervisorScope("maria", ("Booking",), None))
    await grant(desk, {"omar": EVERYTHING})
    maria, omar = await seen_again(desk, "maria"), await seen_again(desk, "omar")
    assert maria.scopes.published == EVERYTHING
    assert maria.scopes.preview == Scope(frozenset({"Booking"}), None)
    assert omar.scopes == ALL_QUEUES


@pytest.mark.parametrize(
    "scope",
    [
        NOTHING,
        Scope(frozenset({"Billing"}), frozenset()),
        Scope(frozenset({"ALL", "Billing"}), None),
        Scope(None, frozenset({"x" * 121})),
    ],
)
async def test_a_scope_that_cannot_be_is_not_granted_and_nobody_is_created(
    desk: Desk, cast: Cast, scope: Scope
) -> None:
    before = await settings.read(desk, cast.lina)
    with pytest.raises(InvalidConfiguration):
        await people.create_person(desk, "paula", "Paula", Role.SUPERVISOR, None, scope)
    assert await settings.read(desk, cast.lina) == before
    async with desk.database.reading() as session:
        assert await people_queries.by_username(session, "paula") is None


async def test_no_grant_makes_a_list_longer_than_it_may_be(desk: Desk, cast: Cast) -> None:
    before = await settings.read(desk, cast.lina)
    for tens in range(0, MOST_TAGS, 50):
        full = frozenset(f"Topic {n}" for n in range(tens, tens + 50))
        if len(before.draft.topics) + tens + 50 <= MOST_TAGS:
            await grant(desk, {"omar": Scope(full, None)})
    now = await settings.read(desk, cast.lina)
    more = frozenset(f"More {n}" for n in range(50))
    with pytest.raises(InvalidConfiguration, match="200 of them at the most"):
        await grant(desk, {"omar": Scope(more, None)})
    assert await settings.read(desk, cast.lina) == now


async def test_tags_are_granted_as_the_list_spells_them(desk: Desk, cast: Cast) -> None:
    await grant(desk, {"omar": Scope(frozenset({"refund"}), None)})
    omar = await seen_again(desk, "omar")
    assert omar.scopes.published.topics == {"Refund"}
    now = await settings.read(desk, cast.lina)
    assert await settings.save(desk, cast.lina, now.revision, now.draft) == now.revision


@pytest.mark.parametrize("scope", [NOTHING, Scope(frozenset(), None), Scope(None, frozenset())])
async def test_an_empty_scope_is_nothing_and_not_all(desk: Desk, cast: Cast, scope: Scope) -> None:
    await a_case(desk, cast)
    async with desk.database.reading() as session:
        assert (await case_lists.counts(session, scope, Queue.PUBLISHED, ALL)).all == 0


async def test_supervisors_are_found_by_a_part_of_their_name(desk: Desk, cast: Cast) -> None:
    found = await supervisors.search_people(desk, cast.lina, " MAR")
    assert [person.username for person in found] == ["maria", "omar"]
    assert await supervisors.search_people(desk, cast.lina, "lina") == []
    assert await supervisors.search_people(desk, cast.lina, "%") == []
    assert len(await supervisors.search_people(desk, cast.lina, "", limit=1)) == 1


async def test_what_nobody_covers_is_told_queue_by_queue(desk: Desk, cast: Cast) -> None:
    await in_the_draft(desk, cast, SupervisorScope("omar", ("Refund",), None))
    for queue in Queue:
        await a_case(desk, cast, queue=queue, topic="Booking")
        await a_case(desk, cast, queue=queue, topic="Refund")
    told = await coverage(desk, cast.lina)
    assert [(one.queue, one.topic, one.area, one.open_count) for one in told] == [
        (Queue.PREVIEW, "Booking", "Payment", 1)
    ]


async def test_a_condition_whose_cases_nobody_would_see_is_told_before_there_is_one(
    desk: Desk, cast: Cast
) -> None:
    omar = SupervisorScope("omar", ("Refund",), None)
    await in_the_draft(desk, cast, omar)
    now = await settings.read(desk, cast.lina)
    refund = replace(ANGRY, label="Refund", topic="Refund")
    draft = replace(now.draft, enabled=True, response="Soon.", conditions=(ANGRY, refund))
    revision = await settings.save(desk, cast.lina, now.revision, draft)
    told = [one for one in await coverage(desk, cast.lina) if one.queue is Queue.PREVIEW]
    assert [one.sentence for one in told] == [
        "Billing · Payment: no supervisor would see cases of “Angry customer”"
    ]
    assert told[0].matters_now
    await settings.save(desk, cast.lina, revision, replace(draft, enabled=False))
    assert [one for one in await coverage(desk, cast.lina) if one.queue is Queue.PREVIEW] == []


async def test_what_publishing_would_leave_unseen_is_told_before(desk: Desk, cast: Cast) -> None:
    await a_case(desk, cast, topic="Booking")
    assert await uncovered_once_published(desk, cast.lina) == []
    await in_the_draft(desk, cast, SupervisorScope("omar", ("Refund",), None))
    assert [one for one in await coverage(desk, cast.lina) if one.queue is Queue.PUBLISHED] == []
    told = await uncovered_once_published(desk, cast.lina)
    assert [one.sentence for one in told] == ["Booking · Payment: 1 case seen by no supervisor"]
