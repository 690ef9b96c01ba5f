"""Processes full of people who contest cases: some are killed at random moments and started again."""

import multiprocessing
import random
import time
from collections.abc import Sequence
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.servers import contending
from tests.servers.waiting_line import WaitingLine

# A process begins at once, as a copy of one that has imported everything and opened nothing.
_FROM_A_COPY = multiprocessing.get_context("forkserver")
_FROM_A_COPY.set_forkserver_preload([contending.__name__])
LONGEST_SECONDS = 1_200


class Crowd:
    """Each process writes its history into a file of its own, in each of its lives."""

    def __init__(
        self, directory: Path, database_url: str, usernames: Sequence[str], processes: int
    ) -> None:
        self._directory = directory
        self._database_url = database_url
        self._people = [usernames[number::processes] for number in range(processes)]
        self._running: list[BaseProcess] = []
        self._lives = count(1)
        self.killed = 0

    @property
    def histories(self) -> list[Path]:
        return sorted(self._directory.glob("*.history"))

    def contest(self, cases: Sequence[int], kills: int, chance: random.Random) -> None:
        """Let all these be contested, and kill a process so many times on the way.

        Raises:
            AssertionError: One ended with an error, which it has written out.
        """
        line = WaitingLine.of(cases, self._line)
        self._running = [self._started(people) for people in self._people]
        try:
            for moment in sorted(chance.sample(range(1, len(cases)), kills)):
                self._wait_until(line, moment)
                self._kill_one(chance)
            for process in self._running:
                process.join(LONGEST_SECONDS)
                assert process.exitcode == 0
        finally:
            for process in self._running:
                process.kill()
                process.join()

    @property
    def _line(self) -> Path:
        return self._directory / "contests"

    def _wait_until(self, line: WaitingLine, moment: int) -> None:
        while line.taken < moment:
            assert all(process.exitcode in (None, 0) for process in self._running)
            time.sleep(0.001)

    def _kill_one(self, chance: random.Random) -> None:
        number = chance.randrange(len(self._running))
        self._running[number].kill()
        self._running[number].join()
        self.killed += 1
        self._running[number] = self._started(self._people[number])

    def _started(self, usernames: Sequence[str]) -> BaseProcess:
        history = self._directory / f"{next(self._lives):04}.history"
        process = _FROM_A_COPY.Process(
            target=contending.run, args=(self._database_url, self._line, history, usernames)
        )
        process.start()
        return process
