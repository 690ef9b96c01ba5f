"""What a person does with a case: each verb is one transaction."""

import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.orm.exc import StaleDataError

from escalation_app import measures
from escalation_app.db import timeline
from escalation_app.domain.escalation import Escalation, Resolution
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import (
    AlreadyClaimed,
    DeskUnavailable,
    NoSuchCase,
    OutcomeUnknown,
)
from escalation_app.domain.text import optional, required
from escalation_app.domain.vocabulary import Status
from escalation_app.services.desk import Change, Desk

log = logging.getLogger(__name__)

TRIES = 3


async def claim(desk: Desk, by: Viewer, escalation_id: int) -> Escalation:
    """Take a case; exactly one of many contenders gets it.

    Raises:
        NotPermitted, NoSuchCase, AlreadyClaimed, AlreadyCompleted
    """
    by.must(Permission.CLAIM)

    async def take(change: Change, escalation: Escalation) -> None:
        await change.record(escalation.claim(by, desk.clock()))

    try:
        taken = await _on_case(desk, by, escalation_id, take)
    except OutcomeUnknown:
        measures.claims.labels("unknown").inc()
        raise
    except AlreadyClaimed:
        measures.claims.labels("refused").inc()
        try:
            await _record_refusal(desk, by, escalation_id)
        except (DeskUnavailable, OutcomeUnknown):
            # Who came second is told so all the same; the history may lack a line.
            log.warning("a refused claim of case %s may not have been recorded", escalation_id)
        raise
    measures.claims.labels("won").inc()
    return taken


async def release(desk: Desk, by: Viewer, escalation_id: int, note: str) -> Escalation:
    """Give a case back.

    Raises:
        NotPermitted, NoSuchCase, NotYours, InvalidInput
    """
    by.must(Permission.RELEASE)
    note = optional(note, "note")

    async def give_back(change: Change, escalation: Escalation) -> None:
        await change.record(escalation.release(by, note, desk.clock()))

    return await _on_case(desk, by, escalation_id, give_back)


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

    async def close(change: Change, escalation: Escalation) -> None:
        await change.record(escalation.complete(by, resolution, desk.clock()))

    return await _on_case(desk, by, escalation_id, close)


async def _on_case(
    desk: Desk,
    by: Viewer,
    escalation_id: int,
    verb: Callable[[Change, Escalation], Awaitable[None]],
) -> Escalation:
    """Do the verb on the case as it is now. Zero updated rows: read who was first, then say so.

    The last try holds the case, so that even a hundred who come second at once fail nobody.
    """
    for attempt in range(TRIES):
        try:
            async with desk.changing() as change:
                escalation = await change.case(by.scopes, escalation_id, held=attempt == TRIES - 1)
                if escalation is None:
                    raise NoSuchCase
                await verb(change, escalation)
            return escalation
        except StaleDataError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


async def _record_refusal(desk: Desk, by: Viewer, escalation_id: int) -> None:
    """Once per person and claim: clicking again adds nothing to the history."""
    async with desk.changing() as change:
        escalation = await change.case(by.scopes, escalation_id, held=True)
        if escalation is None or escalation.status is not Status.IN_PROGRESS:
            return
        if await timeline.is_told_as_refused(change.session, escalation_id, by.person_id):
            return
        await change.record(escalation.refuse(by, desk.clock()))
