"""Whether the timeline is as the desk wrote it."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from escalation_app.db import audit
from escalation_app.domain.audit_check import CaseCheck, StoredEntry
from escalation_app.domain.columns import LARGEST_ID
from escalation_app.domain.tampering import Finding, Tampering
from escalation_app.services.desk import Desk

AT_ONCE = 200


@dataclass(slots=True)
class Tally:
    """What was looked at: cases, entries whose seal fits, entries from before there were seals."""

    cases: int = 0
    sealed: int = 0
    unsealed: int = 0


async def verify(
    desk: Desk, *, unsealed_until: int = 0, tally: Tally | None = None
) -> AsyncIterator[Finding]:
    """Everything that is wrong with any case's timeline, as it all is at one moment.

    The desk goes on working meanwhile. Close it (`contextlib.aclosing`) to end early.

    Raises:
        DeskUnavailable
    """
    tally = tally or Tally()
    async with desk.database.reading() as session:
        after = -LARGEST_ID
        while heads := await audit.heads(session, after, AT_ONCE):
            by_case = _by_case(await audit.entries(session, after, heads[-1].case))
            for head in heads:
                entries = by_case.pop(head.case, [])
                check = CaseCheck(head, entries, desk.sealer, unsealed_until)
                tally.cases += 1
                tally.sealed += check.sealed
                tally.unsealed += check.unsealed
                for finding in check.findings():
                    yield finding
            for finding in _of_no_case(by_case):
                yield finding
            after = heads[-1].case
        for finding in _of_no_case(_by_case(await audit.entries(session, after, None))):
            yield finding


def _by_case(stored: Sequence[StoredEntry]) -> dict[int, list[StoredEntry]]:
    return {case: list(some) for case, some in groupby(stored, lambda entry: entry.place.case)}


def _of_no_case(by_case: Mapping[int, Sequence[StoredEntry]]) -> Iterator[Finding]:
    for entry in chain.from_iterable(by_case.values()):
        place = entry.place
        yield Finding(Tampering.CASE_REMOVED, place.case, place.position, entry.row)
