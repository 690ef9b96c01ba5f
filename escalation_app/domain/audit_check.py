"""Whether a case's timeline is as the desk wrote it, and if not, which entry is wrong in what way.

Each entry carries the seal that it follows, so each can be judged by itself, however much around
it is wrong. What is stored was maybe written by a stranger: no value need be of its column's type.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from escalation_app.domain.audit import Content, Place, Sealer, entry_text, head_text
from escalation_app.domain.tampering import Finding, Tampering

# Beyond so many wrong entries of a case, those that changed places are told as changed.
MOST_COMPARED = 100


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """As it stands in the database; `content` is None when nobody can read it."""

    row: int
    place: Place
    seal: str
    content: Content | None


@dataclass(frozen=True, slots=True)
class StoredHead:
    """What the case's own row says of its timeline."""

    case: int
    entries: int
    last_seal: str
    seal: str


class CaseCheck:
    """One case's entries in the order of their rows, judged.

    Entries up to the row `unsealed_until` may be without a seal: they are from before there were any.
    """

    def __init__(
        self,
        head: StoredHead,
        entries: Sequence[StoredEntry],
        sealer: Sealer,
        unsealed_until: int = 0,
    ) -> None:
        self._head, self._sealer, self._unsealed_until = head, sealer, unsealed_until
        self._has_seals = any(entry.seal for entry in entries)
        self._right: dict[int, StoredEntry] = {}
        self._wrong: list[StoredEntry] = []
        for entry in entries:
            if self._is_right(entry) and entry.place.position not in self._right:
                self._right[entry.place.position] = entry
            else:
                self._wrong.append(entry)
        self.unsealed = sum(not entry.seal for entry in self._right.values())
        self.sealed = len(self._right) - self.unsealed

    def findings(self) -> list[Finding]:
        """What is wrong, in the order of the entries; nothing when all is as it was written."""
        head_fits = self._head_fits()
        end = self._head.entries if head_fits else max(self._right, default=0)
        missing = set(range(1, end + 1)) - self._right.keys()
        found = [*self._judge_wrong(missing), *self._out_of_order(), *self._replaced(head_fits)]
        last = max([*self._right, *(one.entry for one in found if one.entry <= end)], default=0)
        found += [self._finding(Tampering.REMOVED, gap) for gap in missing if gap < last]
        if any(gap > last for gap in missing) or not head_fits:
            found.append(self._finding(Tampering.CUT_OFF, last + 1))
        elif last > end:
            found.append(self._finding(Tampering.HEAD_CHANGED, last))
        return sorted(found, key=lambda one: (one.entry, one.row, one.kind))

    def _is_right(self, entry: StoredEntry) -> bool:
        if not entry.seal:
            # A case's tenth entry can't be the desk's ninth.
            return entry.row <= self._unsealed_until and 0 < _number(entry) <= entry.row
        return self._fits(entry.seal, entry.place, entry.content)

    def _fits(self, seal: str, place: Place, content: Content | None) -> bool:
        if content is None:
            return False
        try:
            return seal == self._sealer.seal(entry_text(place, content))
        except TypeError:
            return False

    def _head_fits(self) -> bool:
        head = self._head
        if not head.seal:
            # A case from before the seals, of which nothing was told since.
            old = [*self._right, *map(_number, self._wrong)]
            is_old = bool(old) and not self._has_seals and head.last_seal == ""
            return is_old and head.entries == max(old)
        try:
            return head.seal == self._sealer.seal(
                head_text(head.case, head.entries, head.last_seal)
            )
        except TypeError:
            return False

    def _judge_wrong(self, missing: set[int]) -> Iterator[Finding]:
        """Where an entry is missing, a wrong one stands for it; any other is one too many."""
        for entry in self._wrong:
            position = _number(entry)
            yield self._finding(self._kind(entry, missing), position, entry)
            missing.discard(position)

    def _kind(self, entry: StoredEntry, missing: set[int]) -> Tampering:
        if not entry.seal:
            return Tampering.UNSEALED
        if _number(entry) not in missing:
            return Tampering.ADDED
        others = self._wrong[:MOST_COMPARED]
        moved = any(self._changed_places(entry, other) for other in others)
        return Tampering.REORDERED if moved else Tampering.CHANGED

    def _changed_places(self, one: StoredEntry, other: StoredEntry) -> bool:
        """Whether one is right with the other's place, or with its place and seal."""
        position = replace(one.place, position=other.place.position)
        return self._fits(other.seal, other.place, one.content) or self._fits(
            one.seal, position, one.content
        )

    def _out_of_order(self) -> Iterator[Finding]:
        """People read by the order of rows, which must be the order of positions."""
        stand = sorted(self._right.values(), key=lambda entry: entry.row)
        for entry, position in zip(stand, sorted(self._right), strict=True):
            if entry.place.position != position:
                yield self._finding(Tampering.REORDERED, entry.place.position, entry)

    def _replaced(self, head_fits: bool) -> Iterator[Finding]:
        """Entries that the desk wrote, but not those that it went on from: of an older backup, say."""
        for position, entry in self._right.items():
            after = self._right.get(position + 1)
            if after is not None and after.seal:
                follows = after.place.previous_seal == entry.seal
            else:
                is_end = head_fits and position == self._head.entries
                follows = not is_end or self._head.last_seal == entry.seal
            if not follows:
                yield self._finding(Tampering.CHANGED, position, entry)

    def _finding(self, kind: Tampering, position: int, entry: StoredEntry | None = None) -> Finding:
        return Finding(kind, self._head.case, position, entry.row if entry else 0)


def _number(entry: StoredEntry) -> int:
    """Its position; 0 for what is none."""
    return entry.place.position if type(entry.place.position) is int else 0
