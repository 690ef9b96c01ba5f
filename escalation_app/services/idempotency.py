"""The same request sent again does nothing a second time, also when both arrive at once."""

import hashlib
import json
from dataclasses import asdict

from escalation_app.db import idempotency
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.idempotency import IdempotencyKey, usable_key
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import RequestDiffers
from escalation_app.services import intake
from escalation_app.services.desk import Change, Desk
from escalation_app.services.intake import NewEscalation


async def escalate_once(
    desk: Desk, by: Viewer, new: NewEscalation, key: str
) -> tuple[Escalation, bool]:
    """The case, as it is now, and whether this request is the one that opened it.

    A request that was refused leaves its key unused.

    Raises:
        NotPermitted, InvalidInput, AlreadyEscalated
        RequestDiffers: The key was used with another body within the last 24 hours.
    """
    by.must(Permission.ESCALATE)
    async with desk.changing() as change:
        row, is_new = await take(desk, change, by, key, asdict(new))
        if not is_new:
            return await change.session.get_one(Escalation, row.escalation_id), False
        escalation = await intake.escalate_within(desk, change, by, new)
        row.escalation_id = escalation.id
    return escalation, True


async def take(
    desk: Desk, change: Change, by: Viewer, key: str, meant: object
) -> tuple[IdempotencyKey, bool]:
    """What is kept of this key, for what comes of the request to be noted, and whether it is new.

    `meant` is what the request says: white space and the order of a JSON object's members don't
    count. Raises InvalidInput, RequestDiffers.
    """
    key, request_hash = usable_key(key), _hash(meant)
    is_new = await idempotency.take(change.session, by.person_id, key, request_hash, desk.clock())
    row = await idempotency.taken(change.session, by.person_id, key)
    if row.request_hash != request_hash:
        raise RequestDiffers
    return row, is_new


def _hash(meant: object) -> str:
    text = json.dumps(meant, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
