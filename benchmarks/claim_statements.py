"""What the service sends for a claim that is won and for one that is refused, as scripts for pgbench.

They are recorded, not written by hand: what pgbench repeats is what the service says.
"""

import contextlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, text

from benchmarks.claimants import claimant
from escalation_app.domain.refusals import AlreadyClaimed
from escalation_app.services import escalations
from escalation_app.services.desk import Desk

WINNER, LOSER = 150, 151


async def uncontested(desk: Desk, case: int, clients: int) -> str:
    """Each client claims cases that nobody else wants, one after the other."""
    won = await _sent(desk, WINNER, case)
    return "\n".join((*_next_case(f":client_id + {clients} * :n"), *won, ""))


async def contested(desk: Desk, case: int, clients: int, hands: int) -> str:
    """So many clients want each case. Who comes second is told so, and the history has it."""
    won, refused = await _sent(desk, WINNER, case), await _sent(desk, LOSER, case)
    # Both begin with the same look at the case.
    at = 1 + next(n for n, line in enumerate(won) if line.endswith("\\gset"))
    fork = ("\\if :version = 1", *won[at:], "\\else", *refused[at:], "\\endif")
    first = _next_case(f":client_id / {hands} + {clients // hands} * :n")
    return "\n".join((*first, *won[:at], *fork, ""))


def _next_case(at: str) -> tuple[str, str]:
    return (f"\\set case :first + {at}", "\\set n :n + 1")


async def _sent(desk: Desk, person: int, case: int) -> list[str]:
    """What goes to the database while somebody claims the case, transactions included."""
    sent = _Sent(case, await _entries(desk, case))
    engine = desk.database.engine.sync_engine
    ends = {"begin": "BEGIN;", "commit": "COMMIT;", "rollback": "ROLLBACK;"}
    heard: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", sent.note)]
    for name, line in ends.items():
        heard.append((name, lambda connection, line=line: sent.note_end(connection, line)))
    for name, hear in heard:
        event.listen(engine, name, hear)
    try:
        with contextlib.suppress(AlreadyClaimed):
            await escalations.claim(desk, claimant(person), case)
    finally:
        for name, hear in heard:
            event.remove(engine, name, hear)
    return sent.lines


async def _entries(desk: Desk, case: int) -> int:
    """A count of entries that is no other number in what is sent."""
    count = text(
        "UPDATE escalation SET entries = entries + 7000000 WHERE id = :case RETURNING entries"
    )
    async with desk.database.transaction() as session:
        return int((await session.execute(count, {"case": case})).scalar_one())


class _Sent:
    """Statements with the parameters in their places."""

    def __init__(self, case: int, entries: int) -> None:
        self.lines: list[str] = []
        # What is known only when the script runs, as it has read the case.
        self._known = {case: ":case", entries: ":entries", entries + 1: ":entries + 1"}

    def note(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said = re.sub(r"\$(\d+)", lambda n: self._literal(parameters[int(n[1]) - 1]), statement)
        is_the_case = said.startswith("SELECT") and "escalation.version" in said
        self.lines.append(" ".join(said.split()) + (" \\gset" if is_the_case else ";"))

    def note_end(self, connection: Connection, line: str) -> None:
        """Where each statement is a transaction by itself, nothing is sent to begin or end one."""
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            self.lines.append(line)

    def _literal(self, value: Any) -> str:
        match value:
            case None:
                return "NULL"
            case bool():
                return str(value)
            case int():
                return f"({self._known.get(value, value)})"
            case datetime():
                return f"'{value:%Y%m%d %H%M%S.%f}+00'"
            case list() | tuple():
                return f"ARRAY[{', '.join(self._literal(one) for one in value)}]"
            case _:
                return "'" + str(value).replace("'", "''") + "'"
