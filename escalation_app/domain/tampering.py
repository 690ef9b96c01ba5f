"""What shows that a timeline is not as the desk wrote it."""

from dataclasses import dataclass
from enum import StrEnum


class Tampering(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    REORDERED = "reordered"
    CUT_OFF = "cut off"
    UNSEALED = "unsealed"
    # The case's own row, which says how many entries there are.
    HEAD_CHANGED = "head changed"
    CASE_REMOVED = "case removed"


@dataclass(frozen=True, slots=True)
class Finding:
    """`entry` is its position in the case, from 1 on; `row` its number in the table, 0 for none.

    What was cut off was so from `entry` on.
    """

    kind: Tampering
    case: int
    entry: int
    row: int = 0

    def __str__(self) -> str:
        case, entry = f"Case {self.case}", f"entry {self.entry}"
        there = f" (row {self.row})" if self.row else ""
        match self.kind:
            case Tampering.CHANGED:
                return f"{case}: {entry}{there} was changed."
            case Tampering.REMOVED:
                return f"{case}: {entry} was removed."
            case Tampering.ADDED:
                return f"{case}: {entry}{there} was added; the desk did not write it there."
            case Tampering.REORDERED:
                return f"{case}: {entry}{there} was moved out of its order."
            case Tampering.CUT_OFF:
                return f"{case}: from {entry} on it was cut off, or the count of them was changed."
            case Tampering.UNSEALED:
                return f"{case}: {entry}{there} has no seal: it is older than seals, or was added."
            case Tampering.HEAD_CHANGED:
                return f"{case}: the case's row does not say how its timeline ends, at {entry}."
            case Tampering.CASE_REMOVED:
                return f"{case}: the case was removed, but {entry}{there} is left."
