import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from escalation_app.db import case_lists, timeline
from escalation_app.db import conversations as conversation_queries
from escalation_app.db import escalations as queries
from escalation_app.db.engine import Database
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import ALL_QUEUES, EVERYTHING, Viewer
from escalation_app.domain.refusals import (
    AlreadyClaimed,
    AlreadyCompleted,
    DeskUnavailable,
    InvalidInput,
    NoSuchCase,
    NotPermitted,
    NotYours,
)
from escalation_app.domain.vocabulary import Queue, Role, Speaker, Status, Urgency, View
from escalation_app.services import conversations, escalations, people
from escalation_app.services.desk import Desk
from tests.cast import SEALER, Cast, a_case, gather_cast, id_of


async def kinds(desk: Desk, case_id: int) -> list[str]:
    async with desk.database.reading() as session:
        return [entry.kind.value for entry in await timeline.of_case(session, case_id)]


async def test_maria_works_a_case_to_its_end(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case_id)
    done = await escalations.complete(desk, cast.maria, case_id, "Charged twice", "Refunded")
    assert done.status is Status.COMPLETED
    assert await kinds(desk, case_id) == ["escalated", "claimed", "completed"]


async def test_of_64_contenders_exactly_one_wins(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    contenders = [await a_contender(desk, n) for n in range(64)]
    answers = await asyncio.gather(
        *(escalations.claim(desk, contender, case_id) for contender in contenders),
        return_exceptions=True,
    )
    async with desk.database.reading() as session:
        case = await queries.find(session, ALL_QUEUES, case_id)
        history = await timeline.of_case(session, case_id)
    assert case is not None
    assert [entry.kind.value for entry in history].count("claimed") == 1
    owner = case.claimed_by_id
    for contender, answer in zip(contenders, answers, strict=True):
        if contender.person_id == owner:
            assert not isinstance(answer, BaseException), answer
        else:
            assert isinstance(answer, AlreadyClaimed), answer
            assert str(answer).startswith(f"Claimed by {case.claimed_by} ")


async def a_contender(desk: Desk, number: int) -> Viewer:
    """One of many people, who may all see everything."""
    name = f"Contender {number}"
    person = await people.create_person(desk, f"contender-{number}", name, Role.SUPERVISOR)
    assert person.id is not None
    return Viewer(person.id, name, Role.SUPERVISOR, ALL_QUEUES)


async def test_a_message_and_a_claim_at_the_same_moment_are_both_kept(
    desk: Desk, cast: Cast
) -> None:
    for _ in range(5):
        case = await a_case(desk, cast)
        await asyncio.gather(
            escalations.claim(desk, cast.maria, id_of(case)),
            *(
                conversations.add_message(
                    desk, cast.lina, case.conversation_id, Speaker.USER, f"Hello {n}?"
                )
                for n in range(3)
            ),
        )
        said = await kinds(desk, id_of(case))
        assert said[0] == "escalated"
        assert sorted(said[1:]) == ["claimed"] + ["message_added"] * 3


async def test_claiming_again_adds_nothing(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case_id)
    await escalations.claim(desk, cast.maria, case_id)
    for _ in range(3):
        with pytest.raises(AlreadyClaimed):
            await escalations.claim(desk, cast.omar, case_id)
    assert await kinds(desk, case_id) == ["escalated", "claimed", "claim_refused"]


async def test_omar_is_told_of_no_case_outside_his_scope(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast, topic="Booking"))
    with pytest.raises(NoSuchCase):
        await escalations.claim(desk, cast.omar, case_id)
    async with desk.database.reading() as session:
        everything = QueueFilter(view=View.ALL)
        scope = cast.omar.scope_in(Queue.PUBLISHED)
        page = await case_lists.page(session, scope, Queue.PUBLISHED, everything, 0, 50)
        counts = await case_lists.counts(session, scope, Queue.PUBLISHED, everything)
    assert page == []
    assert counts.all == 0


@pytest.mark.parametrize("name", ["lina", "agent"])
async def test_who_is_no_supervisor_may_not_claim(desk: Desk, cast: Cast, name: str) -> None:
    case_id = id_of(await a_case(desk, cast))
    with pytest.raises(NotPermitted):
        await escalations.claim(desk, getattr(cast, name), case_id)
    assert await kinds(desk, case_id) == ["escalated"]


async def test_only_the_owner_or_an_admin_releases(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.omar, case_id)
    with pytest.raises(NotYours):
        await escalations.release(desk, cast.maria, case_id, "")
    released = await escalations.release(desk, cast.admin, case_id, "Omar is ill.")
    assert released.status is Status.PENDING
    assert released.claimed_by_id is None


async def test_only_the_owner_completes_and_a_replay_is_no_second_fact(
    desk: Desk, cast: Cast
) -> None:
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.omar, case_id)
    with pytest.raises(NotYours):
        await escalations.complete(desk, cast.admin, case_id, "a", "b")
    for field in (("", "b"), ("a", "  ")):
        with pytest.raises(InvalidInput):
            await escalations.complete(desk, cast.omar, case_id, *field)
    await escalations.complete(desk, cast.omar, case_id, "a", "b", "c")
    await escalations.complete(desk, cast.omar, case_id, "a", "b", "c")
    with pytest.raises(AlreadyCompleted):
        await escalations.complete(desk, cast.omar, case_id, "other", "b")
    assert (await kinds(desk, case_id)).count("completed") == 1


@pytest.mark.parametrize("text", ["a\x00b", "half \ud800", 7, "x" * 100_001])
async def test_text_that_cannot_be_kept_is_refused_in_words(
    desk: Desk, cast: Cast, text: str
) -> None:
    with pytest.raises(InvalidInput, match="text"):
        await a_case(desk, cast, said=text)
    async with desk.database.reading() as session:
        assert await timeline.head(session) == 0


async def test_any_other_text_comes_back_unchanged(desk: Desk, cast: Cast) -> None:
    said = "<script>alert(1)</script> 🧯 مرحبا " + "x" * 90_000
    case = await a_case(desk, cast, said=said)
    async with desk.database.reading() as session:
        found = await case_lists.page(
            session, EVERYTHING, Queue.PUBLISHED, QueueFilter(search="SCRIPT>ALERT"), 0, 50
        )
        stored = await conversation_queries.messages(session, case.conversation_id)
    assert [one.id for one in found] == [case.id]
    assert [message.text for message in stored] == [said]


async def test_a_message_joins_the_open_case(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)
    heard = await conversations.add_message(
        desk, cast.lina, case.conversation_id, Speaker.USER, "Hello?"
    )
    assert heard.message.number == 2
    assert await kinds(desk, id_of(case)) == ["escalated", "message_added"]


async def test_waiting_is_sorted_by_urgency_then_age(desk: Desk, cast: Cast) -> None:
    order = [Urgency.LOW, Urgency.CRITICAL, Urgency.MEDIUM, Urgency.CRITICAL]
    ids = [id_of(await a_case(desk, cast, urgency=urgency)) for urgency in order]
    async with desk.database.reading() as session:
        page = await case_lists.page(session, EVERYTHING, Queue.PUBLISHED, QueueFilter(), 0, 50)
    assert [one.id for one in page] == [ids[1], ids[3], ids[2], ids[0]]


async def test_each_change_is_announced_after_its_commit(desk: Desk, cast: Cast) -> None:
    heard: list[int] = []

    async def announce(seq: int) -> None:
        async with desk.database.reading() as session:
            assert await timeline.head(session) >= seq
        heard.append(seq)

    desk.announce = announce
    case_id = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case_id)
    assert heard == sorted(heard)
    assert len(heard) == 2


async def test_a_full_disk_is_said_in_words_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    desk = Desk(Database(f"sqlite:///{tmp_path / 'desk.db'}"), sealer=SEALER)
    async with desk.database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    cast = await gather_cast(desk)
    await a_case(desk, cast)
    pages = await _let_it_grow_no_further(desk.database)
    with pytest.raises(DeskUnavailable):
        await a_case(desk, cast, said="x" * 90_000)
    async with desk.database.reading() as session:
        assert await timeline.head(session) == 1
        assert (await session.execute(select(func.count()).select_from(Conversation))).scalar() == 1
    await _let_it_grow_no_further(desk.database, pages + 1_000)
    await a_case(desk, cast, said="x" * 90_000)
    await desk.database.close()


async def _let_it_grow_no_further(database: Database, pages: int = 0) -> int:
    """SQLite's own limit answers like a full disk. Returns the pages there are."""
    async with database.engine.connect() as connection:
        there_are = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or there_are}")
    return int(there_are)
