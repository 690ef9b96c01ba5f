"""What the check of the timeline reads: everything as it is stored, whatever a stranger wrote."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.domain.audit import Content, Place, moment
from escalation_app.domain.audit_check import StoredEntry, StoredHead
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry

_ENTRY = TimelineEntry
_COLUMNS = (
    col(_ENTRY.id),
    col(_ENTRY.escalation_id),
    col(_ENTRY.position),
    col(_ENTRY.previous_seal),
    col(_ENTRY.seal),
    # An unknown kind or a broken time must be told, not fail.
    type_coerce(col(_ENTRY.queue), Text).label("queue"),
    type_coerce(col(_ENTRY.kind), Text).label("kind"),
    col(_ENTRY.actor),
    col(_ENTRY.actor_id),
    type_coerce(col(_ENTRY.at), Text).label("at"),
    cast(col(_ENTRY.data), Text).label("data"),
)


async def heads(session: AsyncSession, after: int, limit: int) -> Sequence[StoredHead]:
    """What the next cases' rows say of their timelines, by number."""
    query = (
        select(
            col(Escalation.id),
            col(Escalation.entries),
            col(Escalation.last_seal),
            col(Escalation.head_seal),
        )
        .where(col(Escalation.id) > after)
        .order_by(col(Escalation.id))
        .limit(limit)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [StoredHead(*row) for row in rows]


async def entries(session: AsyncSession, after: int, until: int | None) -> Sequence[StoredEntry]:
    """The entries of the cases after one and up to another, or of all: as people read them."""
    query = select(*_COLUMNS).where(col(_ENTRY.escalation_id) > after)
    if until is not None:
        query = query.where(col(_ENTRY.escalation_id) <= until)
    query = query.order_by(col(_ENTRY.escalation_id), col(_ENTRY.id))
    return [_stored(row) for row in (await session.execute(query)).all()]


def _stored(row: Any) -> StoredEntry:
    place = Place(row.escalation_id, row.position, row.previous_seal)
    return StoredEntry(row.id, place, row.seal, _content(row))


def _content(row: Any) -> Content | None:
    try:
        # PostgreSQL's driver gives a time, SQLite's the text of one in UTC.
        at = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(f"{row.at}+00:00")
        data = json.loads(row.data)
    except (TypeError, ValueError):
        return None
    return Content(row.queue, row.kind, row.actor, row.actor_id, moment(at), data)
