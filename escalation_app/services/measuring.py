"""How things stand, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from escalation_app.db import queue_counts, webhooks
from escalation_app.domain.vocabulary import Queue, Status
from escalation_app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Standing:
    cases: Mapping[tuple[Queue, Status], int]
    deliveries_waiting: Mapping[Queue, int]


async def standing(desk: Desk) -> Standing:
    """Raises DeskUnavailable."""
    async with desk.database.reading() as session:
        return Standing(await queue_counts.lengths(session), await webhooks.waiting(session))
