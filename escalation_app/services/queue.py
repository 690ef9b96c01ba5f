"""What a person sees of a queue, as snapshots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import case_lists, configurations, escalations, tags, timeline
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import Parsed, QueueFilter
from escalation_app.domain.people import Permission, Scope, Viewer
from escalation_app.domain.snapshots import (
    REASON_PREVIEW,
    QueueRow,
    iso,
)
from escalation_app.domain.tags import TagKind
from escalation_app.domain.vocabulary import Queue
from escalation_app.services.desk import Desk

PAGE = 50
MOST_ROWS = 500
# A reason may be 100,000 characters long; what a row shows of it is cut in the database.
_COLUMNS = (
    col(Escalation.id),
    col(Escalation.status),
    col(Escalation.urgency),
    col(Escalation.topic),
    col(Escalation.area),
    func.substr(col(Escalation.reason), 1, REASON_PREVIEW).label("reason"),
    col(Escalation.profile_name),
    col(Escalation.claimed_by),
    col(Escalation.created_at),
    col(Escalation.completed_at),
    col(Escalation.due_at),
)


async def rows(
    session: AsyncSession,
    scope: Scope,
    queue: Queue,
    chosen: QueueFilter,
    person_id: int,
    limit: int,
) -> tuple[list[QueueRow], bool]:
    """The first rows of a view, and whether there are more."""
    found = await case_lists.rows(session, scope, queue, chosen, person_id, limit + 1, *_COLUMNS)
    return [row(case) for case in found[:limit]], len(found) > limit


async def filter_options(
    session: AsyncSession, scope: Scope, queue: Queue
) -> tuple[frozenset[str], frozenset[str]]:
    """The topics and areas that the filters may offer to somebody of this scope.

    To who sees all: what the settings list, and what cases brought without being listed.
    """
    configuration = await configurations.of_queue(session, queue)
    topics = frozenset(configuration.topics) | await tags.known(session, queue, TagKind.TOPIC)
    areas = frozenset(configuration.areas) | await tags.known(session, queue, TagKind.AREA)
    return (
        topics if scope.topics is None else scope.topics,
        areas if scope.areas is None else scope.areas,
    )


async def _filter_options(
    desk: Desk, asked: Sequence[tuple[Scope, Queue]]
) -> list[tuple[frozenset[str], frozenset[str]]]:
    async with desk.database.reading() as session:
        found = {one: await filter_options(session, *one) for one in set(asked)}
    return [found[one] for one in asked]


def row(case: Row[Any] | Escalation) -> QueueRow:
    return QueueRow(
        id=case.id or 0,
        status=case.status.value,
        urgency=case.urgency.value,
        topic=case.topic,
        area=case.area,
        reason=case.reason[:REASON_PREVIEW],
        about=case.profile_name,
        owner=case.claimed_by or "",
        created_at=iso(case.created_at),
        completed_at=iso(case.completed_at),
        due_at=iso(case.due_at),
    )


async def is_answering(desk: Desk) -> None:
    """Raises DeskUnavailable when the database does not answer."""
    async with desk.database.reading() as session:
        await timeline.head(session)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address means to somebody: the filter, what it may offer, and the selected case."""

    parsed: Parsed
    topics: frozenset[str]
    areas: frozenset[str]
    case_id: int | None
    case_is_missing: bool


async def opened(desk: Desk, viewer: Viewer, queue: Queue, query: Mapping[str, str]) -> Opened:
    """Read an address of the workspace. Raises NotPermitted."""
    viewer.must(Permission.VIEW_QUEUE)
    topics, areas = await desk.together(_filter_options, (viewer.scope_in(queue), queue))
    parsed = Parsed.of(query, topics, areas)
    found = None
    if parsed.case is not None:
        async with desk.database.reading() as session:
            found = await escalations.find(session, viewer.scopes, parsed.case)
    is_here = found is not None and found.queue is queue
    missing = parsed.case_is_malformed or (parsed.case is not None and not is_here)
    return Opened(parsed, topics, areas, parsed.case if is_here else None, missing)


async def missed(desk: Desk, viewer: Viewer, queue: Queue, chosen: QueueFilter, seq: int) -> int:
    """How many changes happened after `seq` in what this person triages. Raises NotPermitted."""
    viewer.must(Permission.VIEW_QUEUE)
    return await desk.together(_missed, (viewer.scope_in(queue), queue, chosen, seq))


async def _missed(desk: Desk, asked: Sequence[tuple[Scope, Queue, QueueFilter, int]]) -> list[int]:
    async with desk.database.reading() as session:
        found = {one: await timeline.count_since(session, *one) for one in set(asked)}
    return [found[one] for one in asked]
