"""A clock on the wall that tests may set, for processes that are started with its surroundings.

Only the wall clock moves, as on a real machine: what sleeps or measures goes on by the other one.
"""

from datetime import timedelta
from pathlib import Path


class MovableClock:
    def __init__(self, directory: Path) -> None:
        self._file = directory / "clock"
        self._set(timedelta())

    @property
    def surroundings(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": _library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Else threads that wait for each other, as Python's do, hardly get on.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            # Files keep the times that they have.
            "NO_FAKE_STAT": "1",
        }

    def jump(self, by: timedelta) -> None:
        """All at once, in every process."""
        self._set(self.ahead + by)

    def _set(self, ahead: timedelta) -> None:
        self.ahead = ahead
        # A process that reads meanwhile finds the old time or the new one.
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead.total_seconds():+.0f}s\n")
        new.replace(self._file)


def _library() -> str:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "faketime is missing; scripts/services.sh installs it"
    return str(found[0])
