"""Whether the timeline is as the desk wrote it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import audit
from escalation_app.domain.audit_check import CaseCheck
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
        after = 0
        while heads := await audit.heads(session, after, AT_ONCE):
            after = heads[-1].case
            stored = await audit.entries(session, heads[0].case, after)
            by_case = {
                case: list(some) for case, some in groupby(stored, lambda entry: entry.place.case)
            }
            for head in heads:
                check = CaseCheck(head, by_case.get(head.case, []), desk.sealer, unsealed_until)
                tally.cases += 1
                tally.sealed += check.sealed
                tally.unsealed += check.unsealed
                for finding in check.findings():
                    yield finding
        async for finding in _left_over(session):
            yield finding


async def _left_over(session: AsyncSession) -> AsyncIterator[Finding]:
    after = 0
    while found := await audit.without_a_case(session, after, AT_ONCE):
        after = found[-1][0]
        for row, case, position in found:
            yield Finding(Tampering.CASE_REMOVED, case, position, row)
