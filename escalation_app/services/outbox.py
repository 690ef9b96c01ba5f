"""The timeline is the outbox: a fact that webhooks tell becomes a delivery beside it."""

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import webhooks
from escalation_app.domain.delivery import Delivery
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.webhook_event import body_of, event_type


async def put_out(session: AsyncSession, fact: TimelineEntry) -> None:
    """Within the transaction that made the fact true, and after its rows have been written."""
    if event_type(fact.kind) is None or not (await webhooks.endpoint(session, fact.queue)).enabled:
        return
    # The session holds the case already, as the fact left it.
    delivery = delivery_of(fact, await session.get_one(Escalation, fact.escalation_id))
    assert delivery is not None
    delivery.entry_id = fact.id
    session.add(delivery)
    await session.flush()


def delivery_of(fact: TimelineEntry, escalation: Escalation) -> Delivery | None:
    """How an endpoint that is on is told, of the case as the fact left it; None for what it is not told."""
    what = event_type(fact.kind)
    if what is None:
        return None
    delivery = Delivery.of(what, fact.queue, body_of(what, fact, escalation), fact.at)
    delivery.escalation_id = fact.escalation_id
    return delivery
