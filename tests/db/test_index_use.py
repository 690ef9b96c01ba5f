"""A page of the list and the counts come from an index, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from escalation_app.db import escalations as queries
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services.desk import Desk
from tests.cast import OMARS, Cast

MANY = 30_000
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
            "urgency": list(Urgency)[n % 4], "topic": topics[n % 5], "area": areas[n % 4],
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
    async with desk.database.engine.connect() as connection:
        autocommit = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await autocommit.execute(
            text("ANALYZE" if desk.database.is_sqlite else "VACUUM ANALYZE escalation")
        )


async def plans(desk: Desk, ask: Any) -> str:
    """How the database would answer what `ask` asks."""
    explain = "EXPLAIN QUERY PLAN " if desk.database.is_sqlite else "EXPLAIN "

    def explained(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> Any:
        return (explain + statement if statement.startswith("SELECT") else statement), parameters

    engine = desk.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", explained, retval=True)
    try:
        async with desk.database.reading() as session:
            compiled: list[str] = []

            class Explained:
                async def execute(self, query: Any) -> Any:
                    connection = await session.connection()
                    raw = query.compile(
                        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
                    )
                    rows = (await connection.exec_driver_sql(str(raw).replace("%", "%%"))).all()
                    compiled.extend(str(row) for row in rows)
                    raise LookupError

            with pytest.raises(LookupError):
                await ask(Explained())
            return "\n".join(compiled)
    finally:
        event.remove(engine, "before_cursor_execute", explained)


async def test_pages_and_counts_come_from_an_index(desk: Desk, cast: Cast) -> None:
    await fill(desk, cast)
    for scope in (Scope(), OMARS):
        for view in View:
            chosen = QueueFilter(view=view)
            plan = await plans(
                desk,
                lambda session, s=scope, c=chosen: queries.page(
                    session, s, Queue.PUBLISHED, c, cast.maria.person_id, 51
                ),
            )
            assert "INDEX" in plan.upper(), (view, plan)
            assert "Seq Scan" not in plan, (view, plan)
            assert "SCAN escalation" not in plan, (view, plan)
        plan = await plans(
            desk,
            lambda session, s=scope: queries.counts(session, s, Queue.PUBLISHED, QueueFilter()),
        )
        assert "INDEX" in plan.upper(), plan
        assert "Seq Scan" not in plan, plan
