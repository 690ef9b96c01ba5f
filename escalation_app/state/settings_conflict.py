"""Somebody saved while this tab was typed in: what each changed, and which of the two holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.differences import FieldChange
from escalation_app.domain.merging import Merge, Side
from escalation_app.domain.refusals import InvalidInput
from escalation_app.services.settings_snapshots import SettingsSnapshot


@dataclass(frozen=True, slots=True)
class ClashRow:
    """A field that both changed; `chosen` is the side that will hold."""

    field: str = ""
    label: str = ""
    mine: str = ""
    theirs: str = ""
    chosen: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """What I began with, what somebody made of it meanwhile, and what I chose so far."""

    began: Configuration
    theirs: Configuration
    revision: int
    heading: str
    chosen: Mapping[str, Side] = field(default_factory=dict)

    @classmethod
    def between(cls, began: Configuration, now: SettingsSnapshot, person_id: int) -> "Conflict":
        is_own = now.saved_by_id == person_id
        heading = "You saved meanwhile, elsewhere" if is_own else f"{now.saved_by} saved meanwhile"
        return cls(began, now.draft, now.revision, heading)

    def merge(self, mine: Configuration) -> Merge:
        return Merge(self.began, mine, self.theirs, self.chosen)

    def choosing(self, name: str, side: str, mine: Configuration) -> "Conflict":
        """Raises InvalidInput when this is no choice that there is."""
        if side not in set(Side) or name not in self.merge(mine).clashes:
            raise InvalidInput("field", "There is nothing to choose here any more.")
        return replace(self, chosen={**self.chosen, name: Side(side)})


NO_CONFLICT: dict[str, Any] = {"meanwhile": "", "clashes": [], "only_mine": [], "only_theirs": []}


def shown_of_conflict(conflict: Conflict | None, mine: Configuration) -> dict[str, Any]:
    """The conflict as the page's vars, by their names."""
    if conflict is None:
        return NO_CONFLICT
    merge = conflict.merge(mine)
    return {
        "meanwhile": conflict.heading,
        "clashes": [_row(one, conflict) for one in merge.both_changed],
        "only_mine": merge.only_mine,
        "only_theirs": merge.only_theirs,
    }


def _row(one: FieldChange, conflict: Conflict) -> ClashRow:
    side = conflict.chosen.get(one.field, Side.MINE)
    return ClashRow(one.field, one.label, one.before, one.after, side.value, conflict.revision)
