"""The timeline is the outbox: a fact that webhooks tell becomes a delivery beside it."""

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import webhooks
from escalation_app.domain.delivery import Delivery
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.webhook_endpoint import WebhookEndpoint
from escalation_app.domain.webhook_event import body_of, event_type


async def put_out(
    session: AsyncSession, fact: TimelineEntry, endpoint: WebhookEndpoint | None = None
) -> None:
    """Within the transaction that made the fact true, and after its rows have been written.

    The endpoint of the fact's queue is read here, unless it was read with the case.
    """
    what = event_type(fact.kind)
    if what is None:
        return
    endpoint = endpoint or await webhooks.endpoint(session, fact.queue)
    if not endpoint.enabled:
        return
    # The session holds the case already, as the fact left it.
    escalation = await session.get_one(Escalation, fact.escalation_id)
    delivery = Delivery.of(what, fact.queue, body_of(what, fact, escalation), fact.at)
    delivery.entry_id, delivery.escalation_id = fact.id, fact.escalation_id
    session.add(delivery)
    await session.flush()
