"""Two people changed one bundle: what only one of them changed holds, what both changed is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from escalation_app.domain.configuration import Configuration, SupervisorScope, same_name
from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.differences import FieldChange, differences, told_apart

_PARTED = ("targets", "webhook")
_LISTS = ("conditions", "supervisors", "topics", "areas")
_ABSENT = None


class Side(StrEnum):
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Merge:
    """Both people's changes of one base; where both changed a field, the chosen side holds.

    A field is named as the differences name it, a member of a list being one field when it
    came or went.
    """

    base: Configuration
    mine: Configuration
    theirs: Configuration
    chosen: Mapping[str, Side] = field(default_factory=dict)

    @property
    def merged(self) -> Configuration:
        """The bundle in which nothing that I left alone differs from theirs."""
        return _Merging(self.chosen).bundle(self.base, self.mine, self.theirs)

    @property
    def clashes(self) -> tuple[str, ...]:
        """The fields that both changed, and not to the same."""
        merging = _Merging(self.chosen)
        merging.bundle(self.base, self.mine, self.theirs)
        return tuple(merging.clashes)

    @property
    def both_changed(self) -> list[FieldChange]:
        """The clashes in words: mine as `before`, theirs as `after`."""
        mine, theirs = self._on_side(Side.MINE), self._on_side(Side.THEIRS)
        clashes = self.clashes
        return [one for one in differences(mine, theirs) if one.field in clashes]

    @property
    def only_mine(self) -> list[FieldChange]:
        """What I alone changed, from theirs to what it becomes."""
        clashes = self.clashes
        return [
            one
            for one in differences(self.theirs, self._on_side(Side.MINE))
            if one.field not in clashes
        ]

    @property
    def only_theirs(self) -> list[FieldChange]:
        """What they alone changed, from what I began with to theirs."""
        clashes = self.clashes
        return [
            one
            for one in differences(self.mine, self._on_side(Side.MINE))
            if one.field not in clashes
        ]

    def choosing(self, field_name: str, side: Side) -> "Merge":
        return replace(self, chosen={**self.chosen, field_name: side})

    def _on_side(self, side: Side) -> Configuration:
        return replace(self, chosen=dict.fromkeys(self.clashes, side)).merged


class _Merging:
    """One walk over the three bundles, which gathers the clashes on its way."""

    def __init__(self, chosen: Mapping[str, Side]) -> None:
        self._chosen = chosen
        self.clashes: list[str] = []

    def bundle(self, base: Any, mine: Any, theirs: Any) -> Configuration:
        merged = {}
        for one in fields(Configuration):
            name = one.name
            three = getattr(base, name), getattr(mine, name), getattr(theirs, name)
            if name in _PARTED:
                merged[name] = self._parts(name, *three)
            elif name in _LISTS:
                merged[name] = self._members(name, *three)
            else:
                merged[name] = self._value(name, *three)
        return Configuration(**merged)

    def _value(self, name: str, base: Any, mine: Any, theirs: Any) -> Any:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        self.clashes.append(name)
        return theirs if self._chosen.get(name) is Side.THEIRS else mine

    def _parts(self, name: str, base: Any, mine: Any, theirs: Any) -> Any:
        """A record, field by field; where there was none, what both brought clashes by field."""
        return replace(
            mine,
            **{
                one.name: self._value(
                    f"{name}.{one.name}",
                    _NOTHING if base is _ABSENT else getattr(base, one.name),
                    getattr(mine, one.name),
                    getattr(theirs, one.name),
                )
                for one in fields(mine)
            },
        )

    def _member(self, name: str, base: Any, mine: Any, theirs: Any) -> Any:
        if mine is _ABSENT or theirs is _ABSENT:
            return self._value(name, base, mine, theirs)
        if isinstance(mine, str):
            return self._value(f"{name}.name", base, mine, theirs)
        return self._parts(name, base, mine, theirs)

    def _members(self, name: str, *three: Sequence[Any]) -> tuple[Any, ...]:
        base, mine, theirs = (_by_name(members) for members in three)
        order = self._order(name, list(base), list(mine), list(theirs))
        merged = {
            key: self._member(f"{name}.{key}", base.get(key), mine.get(key), theirs.get(key))
            for key in order
        }
        return tuple(merged[key] for key in order if merged[key] is not _ABSENT)

    def _order(self, name: str, base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
        """Whoever moved members orders the list; the other's new ones follow whom they followed."""
        common = set(base) & set(mine) & set(theirs)
        kept = tuple([key for key in order if key in common] for order in (base, mine, theirs))
        order = self._value(name, *kept) if len(common) > 1 else kept[2]
        leading, following = (mine, theirs) if order == kept[1] != kept[2] else (theirs, mine)
        ordered = list(leading)
        for place, key in enumerate(following):
            if key not in ordered:
                before = following[place - 1] if place else None
                ordered.insert(ordered.index(before) + 1 if before is not None else 0, key)
        return ordered


_NOTHING = object()


def _by_name(members: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(told_apart([_name(one) for one in members]), members, strict=True))


def _name(member: Any) -> str:
    match member:
        case SupervisorScope():
            return member.username
        case TriggerCondition():
            return same_name(member.label)
        case _:
            return same_name(member)
