"""What people do about webhooks: follow the settings, try them, look at the log, send again."""

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations, webhooks
from escalation_app.domain.configuration import Webhook
from escalation_app.domain.configuration_refusals import FieldProblem
from escalation_app.domain.configuration_rules import webhook_problems
from escalation_app.domain.delivery import Delivery, DeliveryStatus
from escalation_app.domain.differences import webhook_switched
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.publication import Author, Deed
from escalation_app.domain.refusals import NoSuchDelivery, WebhookIsOff
from escalation_app.domain.snapshots import DeliveryRow, EndpointRow, WebhookLog, iso
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_endpoint import WebhookEndpoint
from escalation_app.domain.webhook_event import EventType, body_of_test
from escalation_app.services.desk import Change, Desk

MOST_LISTED = 50
RESENT_AT_ONCE = 1_000
SWITCHED_OFF = "The webhook was switched off in the settings before this was delivered."


async def log(session: AsyncSession) -> WebhookLog:
    """Endpoints and newest deliveries of both queues, for a view that has checked who looks."""
    endpoints = {queue: await webhooks.endpoint(session, queue) for queue in Queue}

    async def rows(status: DeliveryStatus | None = None) -> list[DeliveryRow]:
        newest = await webhooks.newest(session, MOST_LISTED, status)
        return [_row(one, is_paused=not endpoints[one.queue].is_on) for one in newest]

    return WebhookLog(
        newest=await rows(),
        failed=await rows(DeliveryStatus.FAILED),
        preview=_endpoint(endpoints[Queue.PREVIEW]),
        published=_endpoint(endpoints[Queue.PUBLISHED]),
    )


def _endpoint(endpoint: WebhookEndpoint) -> EndpointRow:
    return EndpointRow(
        queue=endpoint.queue.value,
        is_enabled=endpoint.enabled,
        url=endpoint.url,
        failing_since=iso(endpoint.failing_since),
        quiet_until=iso(endpoint.quiet_until),
        switched_off_at=iso(endpoint.switched_off_at),
        switched_off_because=endpoint.switched_off_because,
    )


async def send_test(desk: Desk, by: Viewer, queue: Queue) -> int:
    """Put a test event on its way to the queue's endpoint and return the delivery's number.

    Raises:
        NotPermitted
        WebhookIsOff: In the settings that this queue runs on, or because it only failed.
    """
    by.must(Permission.CONFIGURE)
    async with desk.changing() as change:
        await _must_be_on(change.session, queue)
        now = desk.clock()
        body = body_of_test(queue, by.name, now)
        delivery = Delivery.of(EventType.TEST, queue, body, now)
        change.session.add(delivery)
        await change.session.flush()
        change.is_news = True
    assert delivery.id is not None
    return delivery.id


async def resend(desk: Desk, by: Viewer, delivery_id: int) -> None:
    """Send one again as the same message; while it waits or is being sent nothing changes.

    Raises:
        NotPermitted, NoSuchDelivery, WebhookIsOff
    """
    by.must(Permission.CONFIGURE)
    async with desk.changing() as change:
        delivery = await webhooks.of_id(change.session, delivery_id)
        if delivery is None:
            raise NoSuchDelivery
        await _must_be_on(change.session, delivery.queue)
        delivery.send_again(desk.clock())
        change.is_news = True


async def resend_failed(desk: Desk, by: Viewer, queue: Queue) -> int:
    """Send all failed ones of a queue again, some at a time, and return how many.

    Raises:
        NotPermitted, WebhookIsOff
    """
    by.must(Permission.CONFIGURE)
    count, some = 0, RESENT_AT_ONCE
    async with desk.database.reading() as session:
        # Those that fail anew meanwhile are not these.
        newest = await webhooks.head(session)
    while some == RESENT_AT_ONCE:
        async with desk.changing() as change:
            await _must_be_on(change.session, queue)
            some = await webhooks.send_failed_again(
                change.session, queue, desk.clock(), newest, RESENT_AT_ONCE
            )
            change.is_news = some > 0
        count += some
    return count


async def switch_on(desk: Desk, by: Viewer, queue: Queue) -> None:
    """Let an endpoint that was switched off for failing be tried again.

    Raises:
        NotPermitted
    """
    by.must(Permission.CONFIGURE)
    async with desk.changing() as change:
        endpoint = await webhooks.lock_endpoint(change.session, queue)
        if endpoint.switched_off_at is None:
            return
        endpoint.switch_on()
        draft = await configurations.draft(change.session)
        entry = draft.entry(Deed.WEBHOOK_SWITCHED_ON, Author.of(by), desk.clock())
        await change.note(entry, [webhook_switched(queue, "off", "on")])


async def follow(change: Change, queue: Queue, webhook: Webhook) -> WebhookEndpoint:
    """Let the queue's endpoint do as its settings now say, within the transaction that sets them."""
    endpoint = await webhooks.lock_endpoint(change.session, queue)
    if webhook.enabled and not endpoint.enabled:
        # What was still waiting when it was switched off is not for whoever is told from now on.
        await webhooks.give_up_waiting(change.session, queue, SWITCHED_OFF)
    endpoint.follow(webhook)
    return endpoint


async def receiver_problems(desk: Desk, webhook: Webhook) -> tuple[FieldProblem, ...]:
    """What speaks against sending there. It may ask the network, so never in a transaction."""
    if desk.receivers is None or not webhook.enabled or any(webhook_problems(webhook)):
        return ()
    sentence = await desk.receivers.problem_with(webhook.url)
    return (FieldProblem("webhook.url", sentence),) if sentence else ()


async def _must_be_on(session: AsyncSession, queue: Queue) -> None:
    endpoint = await webhooks.endpoint(session, queue)
    if not endpoint.is_on:
        raise WebhookIsOff(queue.value, endpoint.switched_off_because)


def _row(delivery: Delivery, *, is_paused: bool) -> DeliveryRow:
    assert delivery.id is not None
    waits = delivery.status is DeliveryStatus.WAITING
    return DeliveryRow(
        id=delivery.id,
        queue=delivery.queue.value,
        type=delivery.type.value,
        case_id=delivery.escalation_id or 0,
        status=delivery.status.value,
        is_being_sent=delivery.lease != "" and not is_paused,
        is_paused=waits and is_paused,
        attempts=delivery.attempts,
        answered=delivery.answered or 0,
        reason=delivery.reason,
        first_line=delivery.first_line,
        duration_ms=delivery.duration_ms or 0,
        attempted_at=iso(delivery.attempted_at),
        next_attempt_at="" if delivery.lease or is_paused else iso(delivery.next_attempt_at),
        created_at=iso(delivery.created_at),
    )
