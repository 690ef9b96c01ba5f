"""What was asked of cases and what was answered, written down as it happens.

Each call is on the disk's side of a kill before it is made, and each answer after it was given:
a call without an answer may have been done or not. All times are of the machine's one monotonic
clock, which its processes share.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from escalation_app.domain.vocabulary import Status
from tests.faults.case_register import State, Verb


class Outcome(StrEnum):
    DONE = "done"
    # The desk said no, in a sentence that says why.
    REFUSED = "refused"
    # It was told that nothing was changed.
    UNCHANGED = "unchanged"
    # It was told to look again, or nobody lived to hear it.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`state` is the case as it was told; `facts` how many changes its timeline told with it."""

    outcome: Outcome
    said: str = ""
    state: State | None = None
    facts: int | None = None


NO_ANSWER = Answer(Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that one person asked of one case; `until` is None while there is no answer."""

    case: int
    who: str
    verb: Verb
    since: int
    what: str = ""
    answer: Answer = NO_ANSWER
    until: int | None = None

    @property
    def is_open(self) -> bool:
        """Nobody knows whether it was done, and if so, it may have been done at any time since."""
        return self.answer.outcome is Outcome.UNKNOWN

    def __str__(self) -> str:
        told = self.answer.said or str(self.answer.state or "")
        heard = f"{self.answer.outcome}{': ' if told else ''}{told}"
        return f"{self.who}'s {self.verb} ({heard})"


class Recorder:
    """Writes one process's calls into a file of its own."""

    def __init__(self, file: Path) -> None:
        # A line is given to the kernel at once: what was written survives the process.
        self._lines = file.open("a", buffering=1, encoding="utf-8")
        self._number = 0

    def asks(self, case: int, who: str, verb: Verb, what: str = "") -> int:
        """Before the call. The number is for its answer."""
        self._number += 1
        self._write(n=self._number, case=case, who=who, verb=verb, what=what)
        return self._number

    def hears(self, number: int, answer: Answer) -> None:
        state = answer.state
        told = None if state is None else [state.status, state.owner, state.what]
        self._write(
            n=number, outcome=answer.outcome, said=answer.said, state=told, facts=answer.facts
        )

    def _write(self, **line: Any) -> None:
        self._lines.write(f"{json.dumps(line | {'at': time.monotonic_ns()})}\n")


def read(files: Iterable[Path]) -> list[Call]:
    """All that was asked, in the order in which it was asked."""
    calls = [call for file in files for call in _calls(_lines(file))]
    return sorted(calls, key=lambda call: call.since)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        # The last one may have been cut in the middle: that call was not made, or not answered.
        if line.endswith("\n"):
            yield json.loads(line)


def _calls(lines: Iterable[dict[str, Any]]) -> Iterator[Call]:
    asked: dict[int, dict[str, Any]] = {}
    heard: dict[int, dict[str, Any]] = {}
    for line in lines:
        (heard if "outcome" in line else asked)[line["n"]] = line
    for number, call in asked.items():
        about = call["case"], call["who"], Verb(call["verb"]), call["at"], call["what"]
        answer = heard.get(number)
        if answer is None:
            yield Call(*about)
        else:
            yield Call(*about, _answer(answer), answer["at"])


def _answer(line: dict[str, Any]) -> Answer:
    told = line["state"]
    state = None if told is None else State(Status(told[0]), told[1], told[2])
    return Answer(Outcome(line["outcome"]), line["said"], state, line["facts"])


def by_case(calls: Sequence[Call]) -> dict[int, list[Call]]:
    """Cases have nothing to do with each other, so each has a history of its own."""
    found: dict[int, list[Call]] = {}
    for call in calls:
        found.setdefault(call.case, []).append(call)
    return found
