"""Page by page, no case comes twice, and none is left out that stayed in the view."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from escalation_app.db.engine import Database
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Viewer
from escalation_app.domain.refusals import InvalidInput, Refusal
from escalation_app.domain.vocabulary import Queue, Urgency, View
from escalation_app.services import escalations, listing
from escalation_app.services.desk import Desk
from tests.cast import SEALER, Cast, a_case, gather_cast, id_of

PUBLISHED = Queue.PUBLISHED
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["escalate", "claim", "release", "complete"]),
        st.integers(0, 30),
        st.sampled_from(Urgency),
    ),
    max_size=6,
)


@pytest.fixture
def stage(database_url: str) -> Iterator["Stage"]:
    with asyncio.Runner() as runner:
        stage = Stage(runner, database_url)
        yield stage
        runner.run(stage.desk.database.close())


class Stage:
    """A desk that one test has many scenes on, each with a topic of its own."""

    def __init__(self, runner: asyncio.Runner, database_url: str) -> None:
        self.runner = runner
        self.desk = Desk(Database(database_url), sealer=SEALER)
        self.cast = runner.run(self._begin())

    async def _begin(self) -> Cast:
        async with self.desk.database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        return await gather_cast(self.desk)


class Scene:
    def __init__(self, stage: Stage, view: View, limit: int) -> None:
        self.desk, self.cast, self.limit = stage.desk, stage.cast, limit
        self.topic = uuid4().hex
        self.chosen = QueueFilter(view=view, topics=frozenset({self.topic}))
        self.cases: list[int] = []

    @property
    def who(self) -> Viewer:
        return self.cast.maria

    async def escalate(self, urgency: Urgency) -> None:
        case = await a_case(self.desk, self.cast, topic=self.topic, urgency=urgency)
        self.cases.append(id_of(case))

    async def change(self, verb: str, which: int, urgency: Urgency) -> None:
        number = self.cases[which % len(self.cases)]
        try:
            match verb:
                case "escalate":
                    await self.escalate(urgency)
                case "claim":
                    await escalations.claim(self.desk, self.who, number)
                case "release":
                    await escalations.release(self.desk, self.who, number, "")
                case _:
                    await escalations.complete(self.desk, self.who, number, "a", "b")
        except Refusal:
            pass

    async def page(self, cursor: str, limit: int) -> tuple[list[int], str | None]:
        page = await listing.page(self.desk, self.who, PUBLISHED, self.chosen, limit, cursor)
        return [id_of(case) for case in page.items], page.next_cursor

    async def in_view(self) -> list[int]:
        return (await self.page("", 200))[0]

    async def read_while(self, rounds: list[list[tuple[str, int, Urgency]]]) -> None:
        """Read to the end, with changes between the pages."""
        seen: list[int] = []
        stayed = await self.in_view()
        cursor: str | None = ""
        while cursor is not None:
            numbers, cursor = await self.page(cursor, self.limit)
            seen += numbers
            for verb, which, urgency in rounds.pop() if rounds else []:
                await self.change(verb, which, urgency)
                # Whoever left the view for a moment has moved.
                now = set(await self.in_view())
                stayed = [number for number in stayed if number in now]
        assert len(seen) == len(set(seen))
        assert [number for number in seen if number in stayed] == stayed


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    view=st.sampled_from(View),
    urgencies=st.lists(st.sampled_from(Urgency), min_size=1, max_size=12),
    before=CHANGES,
    rounds=st.lists(CHANGES, max_size=5),
    limit=st.integers(1, 5),
)
def test_going_on_stays_right_while_cases_change(
    stage: Stage,
    view: View,
    urgencies: list[Urgency],
    before: list[tuple[str, int, Urgency]],
    rounds: list[list[tuple[str, int, Urgency]]],
    limit: int,
) -> None:
    async def play() -> None:
        scene = Scene(stage, view, limit)
        for urgency in urgencies:
            await scene.escalate(urgency)
        for change in before:
            await scene.change(*change)
        await scene.read_while(rounds)

    stage.runner.run(play())


async def test_pages_follow_the_order_of_the_view(desk: Desk, cast: Cast) -> None:
    urgencies = [Urgency.LOW, Urgency.CRITICAL, Urgency.MEDIUM, Urgency.CRITICAL]
    numbers = [id_of(await a_case(desk, cast, urgency=urgency)) for urgency in urgencies]
    order, cursor = [], ""
    while cursor is not None:
        page = await listing.page(desk, cast.maria, PUBLISHED, QueueFilter(), 1, cursor)
        order += [case.id for case in page.items]
        cursor = page.next_cursor
    assert order == [numbers[1], numbers[3], numbers[2], numbers[0]]


async def test_a_cursor_of_another_list_is_refused_in_words(desk: Desk, cast: Cast) -> None:
    for _ in range(2):
        await a_case(desk, cast)
    cursor = (await listing.page(desk, cast.maria, PUBLISHED, QueueFilter(), 1)).next_cursor
    assert cursor is not None
    for queue, chosen in (
        (Queue.PREVIEW, QueueFilter()),
        (PUBLISHED, QueueFilter(view=View.ALL)),
        (PUBLISHED, QueueFilter(search="x")),
    ):
        with pytest.raises(InvalidInput, match="other filters"):
            await listing.page(desk, cast.maria, queue, chosen, 1, cursor)


@given(cursor=st.text(min_size=1) | st.binary(min_size=1).map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_no_text_from_elsewhere_is_a_cursor(stage: Stage, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        stage.runner.run(
            listing.page(stage.desk, stage.cast.maria, PUBLISHED, QueueFilter(), 1, cursor)
        )
