"""The first cases of many cells, in a view's order, whatever share of the view they are.

Each cell is read in an index's order and no further than needed. SQLite merges a UNION ALL of
ordered arms lazily; PostgreSQL would sort all of it, so there each cell gives its first few, or
what it has up to a fence.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import log2
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, TextClause, bindparam, column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db.dialect import is_sqlite
from escalation_app.db.narrowing import LISTS, ORDERS, in_order
from escalation_app.db.queue_counts import Cell
from escalation_app.domain.columns import UtcDateTime
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.position import Position
from escalation_app.domain.vocabulary import Queue, View

# SQLite takes at most 500 arms.
AT_ONCE = 200
BEFORE_ALL = (datetime.min.replace(tzinfo=UTC), 0)


async def rows(
    session: AsyncSession,
    queue: Queue,
    view: View,
    cells: Sequence[Cell],
    columns: tuple[Any, ...],
    limit: int,
    after: Position | None = None,
) -> Sequence[Row[Any]]:
    """The first `limit` cases of these cells in the view's order, `after` a place if one is given."""
    cells = following(view, cells, after)
    found: list[Row[Any]] = []
    for start in range(0, len(cells), AT_ONCE):
        some = cells[start : start + AT_ONCE]
        sql, parameters = first(session, queue, view, some, limit, after)
        found.extend((await session.execute(_rows(view, columns, sql), parameters)).all())
    if len(cells) > AT_ONCE:
        for name, descends in reversed(ORDERS[view]):
            found.sort(key=attrgetter(_sorted_by(name)), reverse=descends)
    return found[:limit]


@lru_cache(maxsize=LISTS)
def _rows(view: View, columns: tuple[Any, ...], sql: str) -> Select[Any]:
    """The cases that the SQL finds, in the view's order, and behind their columns what sorts them."""
    names = [name for name, _ in ORDERS[view]]
    found = typed(sql).columns(*(column(name) for name in names)).subquery("found")
    keys = [found.c[name].label(_sorted_by(name)) for name in names]
    query = select(*columns, *keys).select_from(found)
    query = query.join(Escalation, col(Escalation.id) == found.c.id)
    return query.order_by(*in_order(view, found.c))


def _sorted_by(name: str) -> str:
    return f"sorted_by_{name}"


def first(
    session: AsyncSession,
    queue: Queue,
    view: View,
    cells: Sequence[Cell],
    limit: int,
    after: Position | None = None,
    *,
    roughly: bool = False,
) -> tuple[str, dict[str, Any]]:
    """SQL of the first `limit` cases of at most AT_ONCE cells, and its parameters.

    `roughly` so many: where that is cheaper, the first that are some fewer.
    """
    if is_sqlite(session):
        sql, parameters = _merged(view, cells, after)
    else:
        sql, parameters = _lateral(view, cells, limit, after, roughly=roughly)
    return sql, parameters | {"queue": queue.value, "limit": limit}


def following(view: View, cells: Sequence[Cell], after: Position | None) -> Sequence[Cell]:
    """The cells that may have cases `after` a place."""
    if after is None or view is not View.WAITING:
        return cells
    # It is sorted by urgency first, and a cell has one: those before the place are done.
    return [cell for cell in cells if cell.urgency.rank <= after.urgency.rank]


def cost_of_each(session: AsyncSession, cells: Sequence[Cell]) -> float:
    """What the next case of many costs to merge, measured in cases walked past in a view's index."""
    return 1 + log2(len(cells) or 1) / 4 if is_sqlite(session) else 2


def _merged(
    view: View, cells: Sequence[Cell], after: Position | None
) -> tuple[str, dict[str, Any]]:
    names = {value: f"tag{n}" for n, value in enumerate(sorted({t for c in cells for t in c[1:3]}))}
    arms = [
        f"SELECT {_columns(view)} FROM escalation WHERE queue = :queue"
        f" AND status = '{cell.status.value}' AND topic = :{names[cell.topic]}"
        f" AND area = :{names[cell.area]} AND urgency = {cell.urgency.rank}"
        f"{_behind(view, ':at', ':place') if _begins_at(view, cell, after) else ''}"
        for cell in cells
    ]
    sql = f"{' UNION ALL '.join(arms)} ORDER BY {_order(view)} LIMIT :limit"
    tags = {name: value for value, name in names.items()}
    return sql, tags | ({"at": after.at, "place": after.id} if ":place" in sql and after else {})


def _lateral(
    view: View, cells: Sequence[Cell], limit: int, after: Position | None, *, roughly: bool
) -> tuple[str, dict[str, Any]]:
    # Spelled out for the partial index of completed cases.
    status = "'Completed'" if view is View.COMPLETED else "cell.status"
    order = ", ".join(f"{name}{' DESC' * descends}" for name, descends in ORDERS[view][-2:])
    behind = _behind(view, "cell.at", "cell.place") if after else ""
    cells = sorted(cells, key=lambda cell: -cell.n)
    starts = [_start(view, cell, after) for cell in cells]
    of_the_cell = f"""FROM escalation
        WHERE queue = :queue AND status = {status} AND topic = cell.topic
            AND area = cell.area AND urgency = cell.urgency{behind}"""
    fence, offset = "", 0
    if roughly and view in (View.ALL, View.COMPLETED):
        # By its share, the largest cell has so many of the first. Whatever comes before
        # the time of its next is enough, of the other cells too.
        offset = limit * cells[0].n // sum(cell.n for cell in cells)
        at = ORDERS[view][0][0]
        fence = f""" AND {at} >= coalesce(
            (SELECT (SELECT {at} {of_the_cell} ORDER BY {order} LIMIT 1 OFFSET :offset)
                FROM cell LIMIT 1),
            CAST('-infinity' AS timestamptz))"""
    sql = f"""
        WITH cell AS MATERIALIZED (
            SELECT * FROM unnest(
                CAST(:statuses AS varchar[]), CAST(:topics AS varchar[]),
                CAST(:areas AS varchar[]), CAST(:urgencies AS smallint[]),
                CAST(:ats AS timestamptz[]), CAST(:places AS integer[])
            ) AS cell(status, topic, area, urgency, at, place)
        )
        SELECT first.* FROM cell CROSS JOIN LATERAL (
            SELECT {_columns(view)} {of_the_cell}{fence} ORDER BY {order} LIMIT :limit
        ) AS first
        ORDER BY {_order(view)} LIMIT :limit"""
    return sql, {
        "statuses": [cell.status.value for cell in cells],
        "topics": [cell.topic for cell in cells],
        "areas": [cell.area for cell in cells],
        "urgencies": [cell.urgency.rank for cell in cells],
        "ats": [at for at, _ in starts],
        "places": [place for _, place in starts],
        "offset": offset,
    }


def _begins_at(view: View, cell: Cell, after: Position | None) -> bool:
    """Whether the place is within the cell's own order, or before all that the cell has."""
    return after is not None and (view is not View.WAITING or cell.urgency is after.urgency)


def _start(view: View, cell: Cell, after: Position | None) -> tuple[datetime, int]:
    return (after.at, after.id) if after and _begins_at(view, cell, after) else BEFORE_ALL


def _behind(view: View, at: str, place: str) -> str:
    """Within a cell, where the urgency is the same."""
    column, descends = ORDERS[view][-2]
    return f" AND ({column}, id) {'<' if descends else '>'} ({at}, {place})"


def typed(sql: str) -> TextClause:
    """SQLite keeps times as text of its own form."""
    clause = text(sql)
    return clause.bindparams(bindparam("at", type_=UtcDateTime())) if ":at," in sql else clause


def _columns(view: View) -> str:
    return ", ".join(name for name, _ in ORDERS[view])


def _order(view: View) -> str:
    """By position: in a compound, names could be anybody's."""
    return ", ".join(
        f"{position}{' DESC' * descends}"
        for position, (_, descends) in enumerate(ORDERS[view], start=1)
    )
