"""Queries on endpoints and deliveries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from escalation_app.db import fresh_database  # noqa: F401 - what these tables begin with
from escalation_app.domain.delivery import Delivery, DeliveryStatus
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_endpoint import WebhookEndpoint


async def endpoint(session: AsyncSession, queue: Queue) -> WebhookEndpoint:
    query = select(WebhookEndpoint).where(col(WebhookEndpoint.queue) == queue)
    return (await session.execute(query)).scalar_one()


async def lock_endpoint(session: AsyncSession, queue: Queue) -> WebhookEndpoint:
    """The endpoint as it is now, held until the transaction ends."""
    query = (
        select(WebhookEndpoint)
        .where(col(WebhookEndpoint.queue) == queue)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one()


async def next_due(session: AsyncSession, queue: Queue) -> datetime | None:
    """When a queue's next delivery is due; None while nothing may be sent there."""
    query = (
        select(func.min(col(Delivery.next_attempt_at)), col(WebhookEndpoint.quiet_until))
        .select_from(WebhookEndpoint)
        .join(Delivery, col(Delivery.queue) == col(WebhookEndpoint.queue))
        .where(col(WebhookEndpoint.queue) == queue, *_IS_ON, *_IS_WAITING)
        .group_by(col(WebhookEndpoint.quiet_until))
    )
    row = (await session.execute(query)).one_or_none()
    return max(filter(None, row)) if row else None


async def due(session: AsyncSession, queue: Queue, now: datetime, limit: int) -> Sequence[Delivery]:
    """What is to be sent now, passing over what another process holds."""
    query = (
        select(Delivery)
        .join(WebhookEndpoint, col(WebhookEndpoint.queue) == col(Delivery.queue))
        .where(col(Delivery.queue) == queue, *_IS_ON, *_IS_WAITING)
        .where(col(Delivery.next_attempt_at) <= now)
        .where(or_(col(WebhookEndpoint.quiet_until).is_(None), now >= _QUIET_UNTIL))
        .order_by(col(Delivery.next_attempt_at), col(Delivery.id))
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    return (await session.execute(query)).scalars().all()


async def held_as(session: AsyncSession, delivery_id: int, lease: str) -> Delivery | None:
    """The delivery while this lease holds, locked."""
    query = select(Delivery).where(col(Delivery.id) == delivery_id, col(Delivery.lease) == lease)
    found: Delivery | None = (await session.execute(query.with_for_update())).scalar_one_or_none()
    return found


async def of_id(session: AsyncSession, delivery_id: int) -> Delivery | None:
    query = select(Delivery).where(col(Delivery.id) == delivery_id).with_for_update()
    found: Delivery | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def unsent(session: AsyncSession, queue: Queue) -> Sequence[Delivery]:
    """What waits and is not just being sent."""
    query = select(Delivery).where(col(Delivery.queue) == queue, *_IS_WAITING)
    query = query.where(col(Delivery.lease) == "").with_for_update()
    return (await session.execute(query)).scalars().all()


async def failed(session: AsyncSession, queue: Queue) -> Sequence[Delivery]:
    query = select(Delivery).where(
        col(Delivery.status) == DeliveryStatus.FAILED, col(Delivery.queue) == queue
    )
    return (await session.execute(query.with_for_update())).scalars().all()


async def newest(
    session: AsyncSession, limit: int, status: DeliveryStatus | None = None
) -> Sequence[Delivery]:
    """The log, newest first."""
    query = select(Delivery).order_by(col(Delivery.id).desc()).limit(limit)
    if status is not None:
        query = query.where(col(Delivery.status) == status)
    return (await session.execute(query)).scalars().all()


async def forget_ended_before(session: AsyncSession, before: datetime) -> None:
    """Their bodies tell of people, so they are not kept for ever."""
    ended = col(Delivery.status) != DeliveryStatus.WAITING
    await session.execute(delete(Delivery).where(ended, col(Delivery.created_at) < before))


_QUIET_UNTIL = col(WebhookEndpoint.quiet_until)
_IS_ON = (col(WebhookEndpoint.enabled), col(WebhookEndpoint.switched_off_at).is_(None))
_IS_WAITING = (col(Delivery.status) == DeliveryStatus.WAITING,)
