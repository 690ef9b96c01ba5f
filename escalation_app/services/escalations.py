"""What a person does with a case: each verb is one transaction."""

import logging

from escalation_app import measures
from escalation_app.db.case_changes import Found
from escalation_app.domain.escalation import Escalation, Resolution
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import AlreadyClaimed, DeskUnavailable, OutcomeUnknown
from escalation_app.domain.text import optional, required
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.services.desk import Desk
from escalation_app.services.verbs import on_case

log = logging.getLogger(__name__)


async def claim(desk: Desk, by: Viewer, escalation_id: int) -> Escalation:
    """Take a case; exactly one of many contenders gets it.

    Who comes second is part of the history, once per person and claim: clicking again adds nothing.

    Raises:
        NotPermitted, NoSuchCase, AlreadyClaimed, AlreadyCompleted
    """
    by.must(Permission.CLAIM)
    refused: AlreadyClaimed | None = None
    won: TimelineEntry | None = None

    def take(found: Found) -> TimelineEntry | None:
        nonlocal refused, won
        refused = won = None
        try:
            won = found.case.claim(by, desk.clock())
            return won
        except AlreadyClaimed as error:
            refused = error
        return None if found.is_told_second else found.case.refuse(by, desk.clock())

    try:
        taken = await on_case(desk, by, escalation_id, take)
    except (DeskUnavailable, OutcomeUnknown) as error:
        if refused is None:
            if isinstance(error, OutcomeUnknown):
                measures.claims.labels("unknown").inc()
            raise
        # Who came second is told so all the same; the history may lack a line.
        log.warning("a refused claim of case %s may not have been recorded", escalation_id)
    if refused is not None:
        measures.claims.labels("refused").inc()
        raise refused
    # Who has the case already has won nothing anew.
    if won is not None:
        measures.claims.labels("won").inc()
    return taken


async def release(desk: Desk, by: Viewer, escalation_id: int, note: str) -> Escalation:
    """Give a case back.

    Raises:
        NotPermitted, NoSuchCase, NotYours, InvalidInput
    """
    by.must(Permission.RELEASE)
    note = optional(note, "note")

    def give_back(found: Found) -> TimelineEntry:
        return found.case.release(by, note, desk.clock())

    return await on_case(desk, by, escalation_id, give_back)


async def complete(
    desk: Desk,
    by: Viewer,
    escalation_id: int,
    what_happened: str,
    action_taken: str,
    follow_up: str = "",
) -> Escalation:
    """Close a case with its resolution.

    Raises:
        NotPermitted, NoSuchCase, NotYours, AlreadyCompleted, InvalidInput
    """
    by.must(Permission.COMPLETE)
    resolution = Resolution(
        required(what_happened, "What happened"),
        required(action_taken, "What was done"),
        optional(follow_up, "Follow-up"),
    )

    def close(found: Found) -> TimelineEntry | None:
        return found.case.complete(by, resolution, desk.clock())

    return await on_case(desk, by, escalation_id, close)
