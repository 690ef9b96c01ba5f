"""Which cases a list holds, and their order, said once for escalations and for their counts."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlmodel import col

from escalation_app.domain.columns import UrgencyRank, UtcDateTime
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, Scope
from escalation_app.domain.position import Position
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
# Of each kind of question, the statements of so many lists are kept as they were put together.
LISTS = 256
STATUS_OF = {View.WAITING: Status.PENDING, View.COMPLETED: Status.COMPLETED}


@dataclass(frozen=True, slots=True)
class CaseList:
    """The cases of a view that somebody may see under the filters. A search is asked of them.

    Two that are equal hold the same cases, so a statement put together for one is kept by it.
    """

    scope: Scope
    queue: Queue
    chosen: QueueFilter
    person_id: int

    @classmethod
    def of(cls, scope: Scope, queue: Queue, chosen: QueueFilter, person_id: int) -> "CaseList":
        # Whatever is searched for, and whoever looks at what is nobody's own, it is one list.
        whose = person_id if chosen.view is View.MINE else 0
        return cls(scope, queue, replace(chosen, search=""), whose)

    @property
    def view(self) -> View:
        return self.chosen.view

    @property
    def is_narrow(self) -> bool:
        """Whether it holds anything less than all of its view."""
        return self.chosen.is_narrowed or self.scope != EVERYTHING

    def in_view(self, view: View) -> "CaseList":
        return CaseList.of(self.scope, self.queue, self.chosen.in_view(view), self.person_id)

    def select(self, *columns: Any) -> Select[Any]:
        listed = visible_to(self.scope, self.queue, *columns)
        return listed.where(*narrowed(self.chosen), *in_view(self.view, self.person_id))

    def conditions(self, of: type[Escalation]) -> tuple[ColumnElement[bool], ...]:
        """What makes a case of this selection one of the list."""
        return (
            within(self.scope, self.queue, of),
            *narrowed(self.chosen, of),
            *in_view(self.view, self.person_id, of),
        )


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


def in_order(view: View, of: Any = Escalation) -> tuple[Any, ...]:
    """What a view sorts by, of escalations or of the columns of a selection of them."""
    columns = ((col(getattr(of, name)), descends) for name, descends in ORDERS[view])
    return tuple(column.desc() if descends else column for column, descends in columns)


def behind(view: View, of: type[Escalation] = Escalation) -> ColumnElement[bool]:
    """What comes after a `place` in the order. The place need not hold a case any more."""
    there = tuple_(bindparam("at", type_=UtcDateTime()), bindparam("place", type_=Integer()))
    match view:
        case View.WAITING | View.MINE:
            urgency = bindparam("urgency", type_=UrgencyRank())
            older = tuple_(col(of.created_at), col(of.id)) > there
            return or_(col(of.urgency) < urgency, and_(col(of.urgency) == urgency, older))
        case View.COMPLETED:
            return tuple_(col(of.completed_at), col(of.id)) < there
        case View.ALL:
            return tuple_(col(of.created_at), col(of.id)) < there


def place(after: Position | None) -> dict[str, Any]:
    """The parameters of `behind`."""
    return {} if after is None else {"urgency": after.urgency, "at": after.at, "place": after.id}
