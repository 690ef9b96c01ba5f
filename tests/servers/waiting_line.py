"""Numbers in a file, each taken by one of several processes, also while some are killed."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

WIDTH = 8


class WaitingLine:
    """How many were taken stands first, then the numbers, all of one width."""

    def __init__(self, file: Path) -> None:
        # Kept open: the lock is the open file's, and the kernel lifts it when the process dies.
        self._file = file.open("r+b", buffering=0)

    @classmethod
    def of(cls, numbers: Sequence[int], file: Path) -> "WaitingLine":
        file.write_bytes(b"".join(number.to_bytes(WIDTH, "big") for number in (0, *numbers)))
        return cls(file)

    @property
    def taken(self) -> int:
        return self._number(0) or 0

    def take(self) -> int | None:
        """The next number; None when there is none left."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            place = self.taken + 1
            number = self._number(place)
            if number is not None:
                os.pwrite(self._file.fileno(), place.to_bytes(WIDTH, "big"), 0)
            return number
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _number(self, place: int) -> int | None:
        found = os.pread(self._file.fileno(), WIDTH, place * WIDTH)
        return int.from_bytes(found, "big") if found else None
