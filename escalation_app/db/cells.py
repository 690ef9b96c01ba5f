"""The first cases of many cells, in a view's order, whatever share of the view they are.

Each cell is read in an index's order and no further than needed. SQLite merges a UNION ALL of
ordered arms lazily; PostgreSQL would sort all of it, so there each cell gives its first few.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db.dialect import is_sqlite
from escalation_app.db.found_cases import Test
from escalation_app.db.narrowing import ORDERS
from escalation_app.db.queue_counts import Cell
from escalation_app.domain.vocabulary import Queue, View

# SQLite takes at most 500 arms.
AT_ONCE = 200


async def first_ids(
    session: AsyncSession,
    queue: Queue,
    view: View,
    cells: Sequence[Cell],
    limit: int,
    test: Test | None = None,
) -> list[int]:
    """The first `limit` cases of these cells in the view's order, of those that pass the `test`."""
    statement = _merged if is_sqlite(session) else _lateral
    test = test or Test("", {})
    rows: list[Row[Any]] = []
    for start in range(0, len(cells), AT_ONCE):
        sql, parameters = statement(
            view, cells[start : start + AT_ONCE], test.sql and f" AND {test.sql}"
        )
        given = parameters | test.parameters | {"queue": queue.value, "limit": limit}
        rows.extend((await session.execute(text(sql), given)).all())
    for position, (_, descends) in reversed(list(enumerate(ORDERS[view]))):
        rows.sort(key=lambda row, at=position: row[at], reverse=descends)  # type: ignore[misc]
    return [row.id for row in rows[:limit]]


def _merged(view: View, cells: Sequence[Cell], test: str) -> tuple[str, dict[str, Any]]:
    names = {value: f"tag{n}" for n, value in enumerate(sorted({t for c in cells for t in c[1:3]}))}
    arms = [
        f"SELECT {_columns(view)} FROM escalation WHERE queue = :queue"
        f" AND status = '{cell.status.value}' AND topic = :{names[cell.topic]}"
        f" AND area = :{names[cell.area]} AND urgency = {cell.urgency.rank}{test}"
        for cell in cells
    ]
    sql = f"{' UNION ALL '.join(arms)} ORDER BY {_order(view)} LIMIT :limit"
    return sql, {name: value for value, name in names.items()}


def _lateral(view: View, cells: Sequence[Cell], test: str) -> tuple[str, dict[str, Any]]:
    # Spelled out for the partial index of completed cases.
    status = "'Completed'" if view is View.COMPLETED else "cell.status"
    order = ", ".join(f"{name}{' DESC' * descends}" for name, descends in ORDERS[view][-2:])
    sql = f"""
        SELECT first.* FROM unnest(
            CAST(:statuses AS varchar[]), CAST(:topics AS varchar[]),
            CAST(:areas AS varchar[]), CAST(:urgencies AS smallint[])
        ) AS cell(status, topic, area, urgency)
        CROSS JOIN LATERAL (
            SELECT {_columns(view)} FROM escalation
            WHERE queue = :queue AND status = {status} AND topic = cell.topic
                AND area = cell.area AND urgency = cell.urgency{test}
            ORDER BY {order} LIMIT :limit
        ) AS first
        ORDER BY {_order(view)} LIMIT :limit"""
    return sql, {
        "statuses": [cell.status.value for cell in cells],
        "topics": [cell.topic for cell in cells],
        "areas": [cell.area for cell in cells],
        "urgencies": [cell.urgency.rank for cell in cells],
    }


def _columns(view: View) -> str:
    return ", ".join(name for name, _ in ORDERS[view])


def _order(view: View) -> str:
    """By position: in a compound, names could be anybody's."""
    return ", ".join(
        f"{position}{' DESC' * descends}"
        for position, (_, descends) in enumerate(ORDERS[view], start=1)
    )
