"""Deliveries on their way: leased by one process, sent by nobody here, settled by their outcome."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app import measures
from escalation_app.db import configurations, webhooks
from escalation_app.domain.configuration_refusals import NoSecret, SecretUnreadable
from escalation_app.domain.delivery import LEASE, Delivery, DeliveryStatus
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.domain.differences import webhook_switched
from escalation_app.domain.publication import THE_DESK, Deed
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_endpoint import WebhookEndpoint
from escalation_app.domain.webhook_signature import signed_headers
from escalation_app.services.desk import Change, Desk
from escalation_app.services.webhook_secret import signing_secrets

KEPT_FOR = timedelta(days=30)
REMOVED_AT_ONCE = 2_000
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Leased:
    """One attempt that this process has taken upon itself."""

    delivery_id: int
    lease: str
    queue: Queue
    message_id: str
    url: str
    body: bytes
    secrets: Sequence[str] = field(repr=False)

    def headers(self, at: datetime) -> dict[str, str]:
        return signed_headers(self.message_id, at, self.body, self.secrets)


async def next_due(desk: Desk, queue: Queue) -> datetime | None:
    """When something is to be sent next; a time that has passed means now."""
    async with desk.database.glance() as session:
        return await webhooks.next_due(session, queue)


async def lease(desk: Desk, queue: Queue, limit: int, length: timedelta = LEASE) -> list[Leased]:
    """Take up to so many due deliveries. No other process has them until they are settled, or
    until the lease ends because this one has died.
    """
    async with desk.database.transaction() as session:
        now = desk.clock()
        due = await webhooks.due(session, queue, now, limit)
        if not due:
            return []
        secrets = await _secrets(desk, session, queue)
        endpoint = await webhooks.endpoint(session, queue)
        return [_leased(one, one.lease_until(now + length), endpoint, secrets) for one in due]


async def settle(desk: Desk, leased: Leased, outcome: Outcome) -> None:
    """Keep an attempt's outcome. If the lease has ended meanwhile, another process has it now."""
    async with desk.changing() as change:
        endpoint = await webhooks.lock_endpoint(change.session, leased.queue)
        delivery = await webhooks.held_as(change.session, leased.delivery_id, leased.lease)
        if delivery is None:
            return
        now = desk.clock()
        delivery.settle(outcome, now, random.random())
        is_about_it = outcome.is_receivers and endpoint.url == leased.url
        if is_about_it and endpoint.hear(outcome, now):
            await _tell_switched_off(change, endpoint, now)
        change.is_news = True
    _measure(leased.queue, outcome, is_given_up=delivery.status is DeliveryStatus.FAILED)


async def set_right(desk: Desk) -> int:
    """What waits for a time that a wrong clock has written is due now; how many that is.

    Without it, what a dead process had leased, or was to be tried again, would wait for as long as
    the clock was set back.
    """
    count = 0
    for queue in Queue:
        async with desk.database.glance() as session:
            if not await webhooks.is_any_of_the_future(session, queue, desk.clock()):
                continue
        while some := await _set_some_right(desk, queue):
            count += some
    return count


async def _set_some_right(desk: Desk, queue: Queue) -> int:
    async with desk.database.transaction() as session:
        now = desk.clock()
        (await webhooks.lock_endpoint(session, queue)).set_right(now)
        found = await webhooks.of_the_future(session, queue, now, AT_ONCE)
        for one in found:
            one.set_right(now)
    return len(found)


async def forget_old(desk: Desk) -> None:
    """Remove what nobody needs any more, some at a time: people are working meanwhile."""
    before, removed = desk.clock() - KEPT_FOR, REMOVED_AT_ONCE
    while removed == REMOVED_AT_ONCE:
        async with desk.database.transaction() as session:
            removed = await webhooks.forget_before(session, before, REMOVED_AT_ONCE)


def _measure(queue: Queue, outcome: Outcome, *, is_given_up: bool) -> None:
    measures.deliveries.labels(queue.value, _in_a_word(outcome)).inc()
    if is_given_up:
        measures.deliveries_given_up.labels(queue.value).inc()
    if outcome.is_receivers:
        measures.delivery_seconds.labels(queue.value).observe(outcome.duration_ms / 1_000)


def _in_a_word(outcome: Outcome) -> str:
    if outcome.succeeded:
        return "delivered"
    if not outcome.is_receivers:
        return "not_sent"
    return "unanswered" if outcome.status is None else "refused"


async def _tell_switched_off(change: Change, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Nothing more goes there until somebody switches it on again, and the history says so."""
    draft = await configurations.draft(change.session)
    because = f"off: {endpoint.switched_off_because}"
    switched = webhook_switched(endpoint.queue, "on", because)
    await change.note(draft.entry(Deed.WEBHOOK_SWITCHED_OFF, THE_DESK, now), [switched])


async def _secrets(desk: Desk, session: AsyncSession, queue: Queue) -> tuple[str, ...]:
    try:
        return await signing_secrets(desk, session, queue)
    except (NoSecret, SecretUnreadable):
        # The sender is told of none, and the attempt fails in words that a person understands.
        return ()


def _leased(
    delivery: Delivery, lease: str, endpoint: WebhookEndpoint, secrets: Sequence[str]
) -> Leased:
    assert delivery.id is not None
    return Leased(
        delivery_id=delivery.id,
        lease=lease,
        queue=delivery.queue,
        message_id=delivery.message_id,
        url=endpoint.url,
        body=delivery.body.encode(),
        secrets=secrets,
    )
