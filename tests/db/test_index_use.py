"""A page of the list and the counts come from an index, on both databases."""

import itertools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import case_lists, found_cases
from escalation_app.db import escalations as queries
from escalation_app.db.narrowing import CaseList
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import NOTHING, Scope
from escalation_app.domain.position import Position
from escalation_app.domain.search import SearchDocument
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services.desk import Desk
from tests.cast import OMARS, Cast

MANY = 20_000
# A page is read from at most so many cells, each giving at most the page.
MOST_READ = case_lists.FEW_CELLS * 51
# The oldest of all, as of something that nobody sells any more.
RARE = range(1, 41)
Ask = Callable[[AsyncSession], Awaitable[object]]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


async def fill(desk: Desk, cast: Cast) -> None:
    """Mostly completed cases, as after years of work."""
    topics = ["Billing", "Refund", "Booking", "Account", "Complaint"]
    areas = ["Payment", "Order", "Delivery", "Service"]

    def row(n: int) -> dict[str, Any]:
        status = (
            [Status.PENDING, Status.IN_PROGRESS][n // 50 % 2] if n % 50 == 0 else Status.COMPLETED
        )
        pending, completed = status is Status.PENDING, status is Status.COMPLETED
        at = NOW + timedelta(seconds=n)
        return {
            "id": n, "queue": Queue.PUBLISHED, "status": status, "conversation_id": n,
            "urgency": list(Urgency)[n % 4], "topic": "Rare" if n in RARE else topics[n % 5], "area": areas[n % 4],
            "reason": "r", "trigger": "t", "profile": {}, "profile_name": "p", "version": 1,
            "claimed_by_id": None if pending else cast.maria.person_id,
            "claimed_by": None if pending else "Maria", "claimed_at": None if pending else at,
            "completed_by_id": cast.maria.person_id if completed else None,
            "completed_by": "Maria" if completed else None,
            "completed_at": at if completed else None, "what_happened": "a", "action_taken": "b",
            "follow_up": "", "due_at": at, "created_at": at, "updated_at": at,
        }  # fmt: skip

    talk = {"queue": Queue.PUBLISHED, "external_id": "x", "profile": {}, "message_count": 0}
    async with desk.database.transaction() as session:
        numbers = range(1, MANY + 1)
        await session.execute(
            insert(Conversation), [talk | {"id": n, "created_at": NOW} for n in numbers]
        )
        await session.execute(insert(Escalation), [row(n) for n in numbers])
        await session.execute(
            insert(SearchDocument),
            [{"escalation_id": n, "text": f"case{n}x said something"} for n in numbers],
        )
    async with desk.database.engine.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.execute(text("ANALYZE" if desk.database.is_sqlite else "VACUUM ANALYZE"))


async def asked(desk: Desk, ask: Ask) -> list[tuple[str, Any]]:
    """The statements that `ask` sends to the database, with their parameters."""

    async def read() -> None:
        async with desk.database.reading() as session:
            await ask(session)

    return await sent(desk, read)


async def sent(desk: Desk, work: Callable[[], Awaitable[object]]) -> list[tuple[str, Any]]:
    """What is selected while this is done, with the parameters."""
    selected: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "SELECT" in statement:
            selected.append((statement, parameters))

    engine = desk.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return selected


async def assert_bounded(desk: Desk, ask: Ask) -> None:
    """No statement reads or sorts more than a bounded number of cases, however many there are."""
    for statement, parameters in await asked(desk, ask):
        if desk.database.is_sqlite:
            await assert_planned_from_an_index(desk, statement, parameters)
        else:
            assert await cases_read(desk, statement, parameters) <= MOST_READ, statement


async def plan_of(desk: Desk, statement: str, parameters: Any) -> list[str]:
    """The steps that SQLite takes."""
    async with desk.database.engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [str(step.detail) for step in plan]


async def assert_planned_from_an_index(desk: Desk, statement: str, parameters: Any) -> None:
    steps = await plan_of(desk, statement, parameters)
    is_of_the_first = "CO-ROUTINE escalation" in steps
    if is_of_the_first:
        # A selection that bears the cases' name, and has a limit of its own, may be looked through.
        assert statement.count("LIMIT") == 2
        steps.remove("SCAN escalation")
    for step in steps:
        assert not step.startswith(("SCAN escalation", "SCAN document")), (step, statement)
    # What is sorted is a page that is known already, or what a search found: few, in both cases.
    is_few = (
        is_of_the_first
        or "escalation.id IN" in statement
        or "queue_count" in statement
        or (
            "LIMIT ?) AS found JOIN" in statement
            and {"MATERIALIZE found", "CO-ROUTINE found"} & {*steps}
        )
    )
    assert is_few or not any("TEMP B-TREE" in step for step in steps), (steps, statement)


async def cases_read(desk: Desk, statement: str, parameters: Any) -> float:
    """How many rows PostgreSQL in fact read from tables and indexes, those it threw away too."""
    async with desk.database.engine.connect() as connection:
        explained = await connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters
        )
        (plan,) = explained.scalar_one()
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(plan["Plan"])
        if "Scan" in node["Node Type"] and node["Node Type"] != "CTE Scan"
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def lists() -> Iterator[tuple[Scope, QueueFilter]]:
    """Every view under every combination of filters, for who sees all and for who does not."""
    statuses = [frozenset[Status](), frozenset({Status.IN_PROGRESS})]
    urgencies = [frozenset[Urgency](), frozenset({Urgency.CRITICAL, Urgency.LOW})]
    topics = [frozenset[str](), frozenset({"Refund"}), frozenset({"Rare", "Unknown"})]
    areas = [frozenset[str](), frozenset({"Payment"})]
    scopes = (Scope(), OMARS, NOTHING)
    combined = itertools.product(scopes, View, statuses, urgencies, topics, areas)
    for scope, view, status, urgency, topic, area in combined:
        yield scope, QueueFilter(view, status, urgency, topic, area)


async def test_pages_and_counts_read_a_bounded_number_of_cases(desk: Desk, cast: Cast) -> None:
    await fill(desk, cast)
    for scope, chosen in lists():
        await assert_bounded(desk, page(scope, chosen, cast.maria.person_id))
    for scope in (Scope(), OMARS):
        for statement, _ in await asked(desk, counts(scope, QueueFilter())):
            assert "escalation" not in statement


async def test_pages_deep_in_a_list_read_a_bounded_number_of_cases(desk: Desk, cast: Cast) -> None:
    await fill(desk, cast)
    places = {view: await middle_of(desk, view) for view in View if view is not View.MINE}
    for scope, chosen in lists():
        if chosen.view in places:
            await assert_bounded(desk, page(scope, chosen, 0, places[chosen.view]))


async def middle_of(desk: Desk, view: View) -> Position:
    async with desk.database.reading() as session:
        cases = await case_lists.page(
            session, Scope(), Queue.PUBLISHED, QueueFilter(view), 0, MANY // 200
        )
    return Position.of(cases[-1], view)


async def test_a_search_reads_a_bounded_number_of_cases(desk: Desk, cast: Cast) -> None:
    await fill(desk, cast)
    searches = ("case19999x", "nothing-like-it", "zq", "#77")
    for search, view in itertools.product(searches, (View.ALL, View.WAITING)):
        chosen = QueueFilter(view=view, search=search)
        for scope in (Scope(), OMARS):
            for ask in (page(scope, chosen, 0), counts(scope, chosen)):
                await assert_search_bounded(desk, ask)


async def assert_search_bounded(desk: Desk, ask: Ask) -> None:
    for statement, parameters in await asked(desk, ask):
        if desk.database.is_sqlite:
            await assert_planned_from_an_index(desk, statement, parameters)
        else:
            read = await cases_read(desk, statement, parameters)
            assert read <= found_cases.SHORT_REACH + 1, statement


async def test_a_list_is_the_same_however_it_is_read_and_however_old_its_cases_are(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(desk, cast)

    async def ids(scope: Scope, chosen: QueueFilter) -> list[int | None]:
        """A page, and the one that follows its tenth case."""
        async with desk.database.reading() as session:

            async def listed(after: Position | None) -> Sequence[Escalation]:
                return await case_lists.page(
                    session, scope, Queue.PUBLISHED, chosen, cast.maria.person_id, 51, after
                )

            first = await listed(None)
            following = await listed(Position.of(first[9], chosen.view)) if first[9:] else []
            assert [case.id for case in first[10:]] == [case.id for case in following][:41]
            return [case.id for case in (*first, *following)]

    chosen_ones = list(lists())[::7]
    merged = [await ids(*one) for one in chosen_ones]
    rare = QueueFilter(view=View.ALL, topics=frozenset({"Rare"}))
    assert (await ids(Scope(), rare))[: len(RARE)] == sorted(RARE, reverse=True)
    monkeypatch.setattr(CaseList, "is_narrow", False)
    assert [await ids(*one) for one in chosen_ones] == merged


async def test_looking_for_overdue_cases_reads_nothing_but_what_is_due(
    desk: Desk, cast: Cast
) -> None:
    await fill(desk, cast)
    # Every 50th case is open, by turns in either status, and due in the second of its number.
    for due in (0, 10, 400):

        async def look(due: int = due) -> None:
            async with desk.database.transaction() as session:
                now = NOW + timedelta(seconds=50 * due)
                assert len(await queries.newly_overdue(session, now, 1_000)) == due

        statements = await sent(desk, look)
        assert len(statements) == 2
        if desk.database.is_sqlite:
            for one in statements:
                (step,) = await plan_of(desk, *one)
                assert "INDEX ix_escalation_overdue_" in step
                assert "(due_at<?)" in step
        else:
            assert sum([await cases_read(desk, *one) for one in statements]) == due


def page(scope: Scope, chosen: QueueFilter, person_id: int, after: Position | None = None) -> Ask:
    return lambda session: case_lists.page(
        session, scope, Queue.PUBLISHED, chosen, person_id, 51, after
    )


def counts(scope: Scope, chosen: QueueFilter) -> Ask:
    return lambda session: case_lists.counts(session, scope, Queue.PUBLISHED, chosen)
