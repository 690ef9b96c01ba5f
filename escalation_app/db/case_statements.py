"""The statements that verbs on cases send, made once for each set of columns that a verb changes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Executable, Table, Update, bindparam, insert, select, update

from escalation_app.domain.delivery import Delivery
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import TimelineKind
from escalation_app.domain.webhook_endpoint import WebhookEndpoint


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _without(table: Table, *names: str) -> tuple[str, ...]:
    return tuple(column.name for column in table.c if column.name not in names)


_CASE, _FACT = _table(Escalation), _table(TimelineEntry)
_DELIVERY, _ENDPOINT = _table(Delivery), _table(WebhookEndpoint)
CASE = _without(_CASE)
FACT = _without(_FACT, "id")
DELIVERY = _without(_DELIVERY, "id", "entry_id")

_REFUSED = (_FACT.c.kind == TimelineKind.CLAIM_REFUSED) & (_FACT.c.actor_id == bindparam("person"))
# The claim that holds, or that this person came second to it: whichever the history has last.
_NEWEST_CLAIM = (
    select(_FACT.c.kind)
    .where(_FACT.c.escalation_id == _CASE.c.id)
    .where((_FACT.c.kind == TimelineKind.CLAIMED) | _REFUSED)
    .order_by(_FACT.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
TO_CHANGE = (
    select(*_CASE.c, _ENDPOINT.c.enabled, _NEWEST_CLAIM)
    .join(_ENDPOINT, _ENDPOINT.c.queue == _CASE.c.queue)
    .where(_CASE.c.id == bindparam("number"))
)
HOLD = select(_CASE.c.id).where(_CASE.c.id == bindparam("number")).with_for_update(key_share=True)
INSERT_FACT = insert(_FACT).returning(_FACT.c.id)
INSERT_DELIVERY = insert(_DELIVERY)


@lru_cache
def change(names: tuple[str, ...]) -> Update:
    """The case's new values, unless another hand was first: then it changes no row."""
    return (
        update(_CASE)
        .where(_CASE.c.id == bindparam("number"), _CASE.c.entries == bindparam("was"))
        .values({name: bindparam(f"case_{name}", type_=_CASE.c[name].type) for name in names})
    )


@lru_cache
def change_with_fact(names: tuple[str, ...], *, is_told: bool) -> Executable:
    """The same with the fact, and the delivery of it, in one; it tells the fact's number, if any.

    One statement is one transaction: nobody makes trips to begin and to commit it.
    """
    changed = change(names).returning(_CASE.c.id).cte("changed")
    fact = _inserted(_FACT, FACT, "fact_", changed).returning(_FACT.c.id)
    if not is_told:
        return fact
    written = fact.cte("fact")
    return _inserted(_DELIVERY, DELIVERY, "told_", written, entry_id=written.c.id).returning(
        _DELIVERY.c.entry_id
    )


def named_for_the_case(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"case_{name}": value for name, value in values.items()}


def named_for_the_fact(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"fact_{name}": value for name, value in values.items()}


def named_to_tell(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"told_{name}": value for name, value in values.items()}


def _inserted(
    table: Table, names: tuple[str, ...], prefix: str, once_for: CTE, **known: Any
) -> Any:
    """A row for each of `once_for`, of which there is one or none."""
    given = [bindparam(f"{prefix}{name}", type_=table.c[name].type) for name in names]
    rows = select(*given, *known.values()).select_from(once_for)
    return insert(table).from_select([*names, *known], rows)
