"""Lists laid out as single vars, so that a change sends what changed and not the whole list.

The vars stand beside a state's declared ones, under names that begin with `slot_`. The browser puts
the list together: by `order` where rows move, by its length where they are only added.
"""

from collections.abc import Collection, Iterable
from typing import Any

from escalation_app.state.news import Vars

SLOT = "slot_"
# Of a row whose slot is `slot_3`, what changes while it is shown stands in `slot_3_now`.
NOW = "_now"


def is_slot(name: str) -> bool:
    """Whether a var of this name stands beside the declared ones."""
    return name.startswith(SLOT)


def in_parts(name: str, rows: list[dict[str, Any]]) -> Vars:
    """Rows in their places, and how many count: what stands behind them is of another list."""
    laid: Vars = {f"{SLOT}{name}_{place}": row for place, row in enumerate(rows)}
    return laid | {f"{name}_count": len(rows)}


def into_slots(
    rows: list[dict[str, Any]], shown: Vars, moving: Collection[str] = frozenset()
) -> Vars:
    """Lay rows into slots: those still shown stay where they were, new ones take what is free.

    What is `moving` stands apart from the rest of its row, so that a change sends no more of it.
    """
    held = slots_by_id(shown)
    wanted = {row["id"] for row in rows}
    taken = {name for row_id, name in held.items() if row_id in wanted}
    free = iter(
        name for name in (f"{SLOT}{i}" for i in range(len(rows) + len(held))) if name not in taken
    )
    laid: Vars = {name: None for name in shown if is_slot(name)}
    order = []
    for row in rows:
        name = held.get(row["id"]) or next(free)
        laid |= _laid(name, row, moving)
        order.append(int(name.removeprefix(SLOT)))
    return laid | {"order": order}


def changed_in_place(shown: Vars, rows: Iterable[dict[str, Any]], moving: Collection[str]) -> Vars:
    """The same list with these of its rows as they are now. All of them must be shown."""
    held, now = slots_by_id(shown), dict(shown)
    for row in rows:
        now |= _laid(held[row["id"]], row, moving)
    return now


def slots_by_id(shown: Vars) -> dict[Any, str]:
    """Where each row that is shown lies."""
    return {value["id"]: name for name, value in shown.items() if _is_taken(name, value)}


def _laid(name: str, row: dict[str, Any], moving: Collection[str]) -> Vars:
    laid: Vars = {name: {key: value for key, value in row.items() if key not in moving}}
    if moving:
        laid[f"{name}{NOW}"] = {key: row[key] for key in ("id", *moving)}
    return laid


def _is_taken(name: str, value: Any) -> bool:
    return is_slot(name) and not name.endswith(NOW) and value is not None
