"""Which cases a list holds, and their order, said once for escalations and for their counts."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, select
from sqlmodel import col

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Scope
from escalation_app.domain.queue_count import QueueCount
from escalation_app.domain.vocabulary import Queue, Status, View

# Escalations, their counts, or a selection of escalations under an alias.
Counted = type[Escalation] | type[QueueCount]
# Each order is one of the indexes, read forward or backward: the column, and whether it descends.
_BY_URGENCY = (("urgency", True), ("created_at", False), ("id", False))
ORDERS: dict[View, tuple[tuple[str, bool], ...]] = {
    View.WAITING: _BY_URGENCY,
    View.MINE: _BY_URGENCY,
    View.COMPLETED: (("completed_at", True), ("id", True)),
    View.ALL: (("created_at", True), ("id", True)),
}
STATUS_OF = {View.WAITING: Status.PENDING, View.COMPLETED: Status.COMPLETED}


def within(scope: Scope, queue: Queue, of: Counted = Escalation) -> ColumnElement[bool]:
    """The condition that a case is of this queue and inside the scope."""
    conditions = [col(of.queue) == queue]
    if scope.topics is not None:
        conditions.append(col(of.topic).in_(sorted(scope.topics)))
    if scope.areas is not None:
        conditions.append(col(of.area).in_(sorted(scope.areas)))
    return and_(*conditions)


def visible_to(scope: Scope, queue: Queue, *columns: Any) -> Select[Any]:
    """Escalations of a queue inside the scope. No list or count for a person begins elsewhere."""
    return select(*(columns or (Escalation,))).select_from(Escalation).where(within(scope, queue))


def narrowed(chosen: QueueFilter, of: Counted = Escalation) -> list[ColumnElement[bool]]:
    """The filters, all but the search."""
    conditions: list[ColumnElement[bool]] = []
    if chosen.statuses:
        conditions.append(col(of.status).in_(sorted(chosen.statuses)))
    if chosen.urgencies:
        conditions.append(col(of.urgency).in_(sorted(chosen.urgencies)))
    if chosen.topics:
        conditions.append(col(of.topic).in_(sorted(chosen.topics)))
    if chosen.areas:
        conditions.append(col(of.area).in_(sorted(chosen.areas)))
    return conditions


def in_view(
    view: View, person_id: int, of: type[Escalation] = Escalation
) -> tuple[ColumnElement[bool], ...]:
    match view:
        case View.WAITING:
            return (col(of.status) == Status.PENDING,)
        case View.MINE:
            return (
                col(of.claimed_by_id) == person_id,
                col(of.status) == Status.IN_PROGRESS,
            )
        case View.COMPLETED:
            # Spelled out: a partial index is used only when the statement itself names its status.
            return (col(of.status) == literal_column("'Completed'"),)
        case View.ALL:
            return ()


def is_narrow(scope: Scope, chosen: QueueFilter) -> bool:
    """Whether a list holds anything less than all of its view."""
    filtered = chosen.urgencies or chosen.topics or chosen.areas or chosen.statuses
    return bool(filtered) or scope.topics is not None or scope.areas is not None
