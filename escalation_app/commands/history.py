"""Whether the history is as the desk wrote it."""

import sys
from typing import Annotated

import typer

from escalation_app.commands.work import counted, on_the_desk
from escalation_app.services import audit
from escalation_app.services.desk import Desk
from escalation_app.settings import settings


def verify_audit(
    unsealed_until: Annotated[
        int, typer.Option(help="Pass over entries without a seal up to this row.", min=0)
    ] = 0,
) -> None:
    """Look whether every case's timeline is as the desk wrote it; it may go on working meanwhile."""
    if not settings().has_key:
        sys.exit(
            "The timeline can't be verified: please set ESCALATION_SECRET_KEY to the desk's key."
        )
    tally = audit.Tally()
    found = on_the_desk(lambda desk: _print_findings(desk, unsealed_until, tally))
    print(_summary(tally, found))
    if found or found is None:
        sys.exit(1)


async def _print_findings(desk: Desk, unsealed_until: int, tally: audit.Tally) -> int:
    found = 0
    async for finding in audit.verify(desk, unsealed_until=unsealed_until, tally=tally):
        found += 1
        print(finding, flush=True)
    return found


def _summary(tally: audit.Tally, found: int | None) -> str:
    looked = f"{counted(tally.cases, 'case')}, {counted(tally.sealed, 'sealed entry')} as written"
    if tally.unsealed:
        looked += f", {tally.unsealed} from before the seals, which nothing vouches for"
    if found is None:
        return f"Not done: {looked} so far."
    if not found:
        return f"Whole: {looked}."
    hint = "" if tally.sealed else " No seal fits at all: is this the key that the desk works with?"
    return f"Not whole: {counted(found, 'finding')}; {looked}.{hint}"
