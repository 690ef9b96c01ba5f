"""Cases over HTTP: escalated by an agent, listed, read, and worked by supervisors."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from escalation_app.api import export, wire
from escalation_app.api.documentation import problems
from escalation_app.api.filters import ExportQuery, ListQuery
from escalation_app.api.once import Once
from escalation_app.api.received import NewEscalation, NewResolution, Release
from escalation_app.api.route import By, ByAsOfNow, CaseNumber, DeskRoute, TheDesk, permits
from escalation_app.domain.people import Permission
from escalation_app.services import cases, escalations, idempotency, intake, listing, summaries

router = APIRouter(prefix="/escalations", tags=["Escalations"], route_class=DeskRoute)


@router.post(
    "",
    status_code=201,
    summary="Escalate a conversation",
    responses={
        200: {"model": wire.Escalation, "description": "The case that this key opened before"},
        **problems(409, body=True),
    },
)
@permits(Permission.ESCALATE)
async def escalate(
    new: NewEscalation,
    response: Response,
    desk: TheDesk,
    by: By,
    once: Once = None,
) -> wire.Escalation:
    """Store the conversation and open its case. For agents.

    When the queue knows a conversation of this `external_id`, the case is that conversation's:
    messages that it has already are not stored again, the others follow them.

    409 when a conversation with this `external_id` has an open case in the queue (`escalation_id`
    names it), or when the `Idempotency-Key` was used with another body.
    """
    if once is None:
        return wire.Escalation.of(await intake.escalate(desk, by, new.as_intake()))
    case, is_new = await idempotency.escalate_once(desk, by, new.as_intake(), once)
    response.status_code = 201 if is_new else 200
    return wire.Escalation.of(case)


@router.get("", summary="List cases", responses=problems())
@permits(Permission.VIEW_QUEUE)
async def list_escalations(
    chosen: Annotated[ListQuery, Query()], desk: TheDesk, by: By
) -> wire.EscalationPage:
    """A page of what you may see, in the order of the view. For supervisors, builders and admins.

    `waiting` and `mine` are sorted by urgency, then the oldest first; `completed` and `all` begin
    with the newest. Going on with `next_cursor` stays right while cases change: none comes twice,
    and none is left out that stayed in the view.
    """
    page = await listing.page(
        desk, by, chosen.queue, chosen.as_filter(), chosen.limit, chosen.cursor
    )
    return wire.EscalationPage(
        items=[wire.Escalation.of(case) for case in page.items], next_cursor=page.next_cursor
    )


@router.get(
    "/export",
    summary="Export cases",
    response_class=StreamingResponse,
    responses={200: export.DESCRIBED, **problems()},
)
@permits(Permission.VIEW_QUEUE)
async def export_escalations(
    chosen: Annotated[ExportQuery, Query()], desk: TheDesk, by: By, as_of_now: ByAsOfNow
) -> StreamingResponse:
    """All that the list has under these filters, one row per case, as CSV or JSON lines.

    In CSV, a cell that a spreadsheet would take for a formula begins with an apostrophe. A file is
    sent in parts, each with what you may see by then; it is broken off when your key or session ends.
    """
    pages = listing.every(desk, by, as_of_now, chosen.queue, chosen.as_filter())
    begun = await export.begun(pages)
    return export.stream(begun, chosen.format, chosen.queue)


@router.get("/{escalation_id}", summary="Read a case", responses=problems(404))
@permits(Permission.VIEW_QUEUE)
async def read_escalation(number: CaseNumber, desk: TheDesk, by: By) -> wire.EscalationDetail:
    """One case with its messages, profile, timeline and newest summary."""
    return wire.EscalationDetail.of_file(await cases.case_file(desk, by, number))


@router.post("/{escalation_id}/claim", summary="Claim a case", responses=problems(404, 408, 409))
@permits(Permission.CLAIM)
async def claim(number: CaseNumber, desk: TheDesk, by: By) -> wire.Escalation:
    """Take a pending case. Claiming again what is yours is no error.

    409 when somebody has it: `claimed_by` and `claimed_at` say who and since when.
    """
    return wire.Escalation.of(await escalations.claim(desk, by, number))


@router.post(
    "/{escalation_id}/release", summary="Release a case", responses=problems(404, 409, body=True)
)
@permits(Permission.RELEASE)
async def release(
    number: CaseNumber, desk: TheDesk, by: By, release: Release | None = None
) -> wire.Escalation:
    """Give your case back to the queue; an admin may give back anybody's."""
    note = release.note if release else ""
    return wire.Escalation.of(await escalations.release(desk, by, number, note))


@router.post(
    "/{escalation_id}/complete", summary="Complete a case", responses=problems(404, 409, body=True)
)
@permits(Permission.COMPLETE)
async def complete(
    number: CaseNumber, resolution: NewResolution, desk: TheDesk, by: By
) -> wire.Escalation:
    """Close your case with what happened and what was done. Sent twice, it is done once."""
    return wire.Escalation.of(
        await escalations.complete(
            desk,
            by,
            number,
            resolution.what_happened,
            resolution.action_taken,
            resolution.follow_up,
        )
    )


@router.post("/{escalation_id}/summary", summary="Summarize a case", responses=problems(404, 408))
@permits(Permission.SUMMARIZE)
async def summarize(number: CaseNumber, desk: TheDesk, by: By) -> wire.Summary:
    """A short recap in the queue's summary language, each sentence with its messages' numbers.

    `source` is `ai`, or `extract` where there is no model or it failed.
    """
    await summaries.summarize_whole(desk, by, number)
    file = await cases.case_file(desk, by, number)
    assert file.summary is not None
    return wire.Summary.of(file.summary, stale=file.summary_is_stale)
