"""A place in the order of a list, from which the next page goes on."""

from dataclasses import dataclass
from datetime import datetime

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.vocabulary import Urgency, View


@dataclass(frozen=True, slots=True)
class Position:
    """What the views sort by. None of it changes while a case stays in its view."""

    urgency: Urgency
    at: datetime
    id: int

    @classmethod
    def of(cls, escalation: Escalation, view: View) -> "Position":
        at = escalation.completed_at if view is View.COMPLETED else escalation.created_at
        assert at is not None
        assert escalation.id is not None
        return cls(escalation.urgency, at, escalation.id)
