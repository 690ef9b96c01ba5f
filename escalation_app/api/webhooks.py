"""What the desk sends to others, as the documentation tells it; the sending happens elsewhere."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field

from escalation_app.api.wire import Escalation
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_event import EventType

webhooks = APIRouter()
TOLD = {
    EventType.CREATED: "A conversation was escalated",
    EventType.CLAIMED: "Somebody took the case",
    EventType.RELEASED: "The case went back to the queue",
    EventType.COMPLETED: "The case was closed, with its resolution",
    EventType.OVERDUE: "The case passed its response target, once in each status",
    EventType.TEST: "Somebody tried the endpoint from the settings page",
}


class EventData(BaseModel):
    escalation: Escalation | None = Field(
        description="As it was then, long texts cut; null in a test event."
    )
    queue: Queue
    actor: str = Field(description="Who did it; “The desk” for what happens by itself.")


class WebhookEvent(BaseModel):
    type: EventType
    timestamp: datetime = Field(description="When it happened.")
    data: EventData


def _describe(what: EventType) -> None:
    @webhooks.post(what.value, summary=TOLD[what], status_code=204, tags=["Webhooks"])
    def delivered(
        event: WebhookEvent,
        webhook_id: Annotated[
            str, Header(description="The same in every attempt: take each only once.")
        ],
        webhook_timestamp: Annotated[
            int, Header(description="When this attempt was made, in seconds since 1970.")
        ],
        webhook_signature: Annotated[
            str, Header(description="Signatures as Standard Webhooks 1.0.0 has them.")
        ],
    ) -> None:
        """Any 2xx within 15 seconds takes it. Everything else is tried again, ten times in all."""


for _what in EventType:
    _describe(_what)
