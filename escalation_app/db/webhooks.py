"""Queries on endpoints and deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from escalation_app.db import fresh_database  # noqa: F401 - what these tables begin with
from escalation_app.domain.clocks import CLOCKS_DIFFER_BY
from escalation_app.domain.columns import UtcDateTime
from escalation_app.domain.delivery import LEASE, Delivery, DeliveryStatus
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
    row = (await session.execute(_NEXT_DUE, {"queue": queue})).one_or_none()
    return max(filter(None, row)) if row else None


async def waiting(session: AsyncSession) -> dict[Queue, int]:
    """How many deliveries wait to be sent, by queue."""
    query = (
        select(col(Delivery.queue), func.count()).where(*_IS_WAITING).group_by(col(Delivery.queue))
    )
    counted = {queue: int(n) for queue, n in (await session.execute(query)).all()}
    return {queue: counted.get(queue, 0) for queue in Queue}


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


async def is_any_of_the_future(session: AsyncSession, queue: Queue, now: datetime) -> bool:
    """Whether a time was written to what waits there by a clock that was ahead."""
    found = await session.execute(_ANY_OF_THE_FUTURE, _latest(queue, now))
    return found.first() is not None


async def of_the_future(
    session: AsyncSession, queue: Queue, now: datetime, limit: int
) -> Sequence[Delivery]:
    """Some of these, passing over what another process holds."""
    query = select(Delivery).where(*_OF_THE_FUTURE).limit(limit).with_for_update(skip_locked=True)
    return (await session.execute(query, _latest(queue, now))).scalars().all()


async def of_id(session: AsyncSession, delivery_id: int) -> Delivery | None:
    query = select(Delivery).where(col(Delivery.id) == delivery_id).with_for_update()
    found: Delivery | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def give_up_waiting(session: AsyncSession, queue: Queue, reason: str) -> None:
    """All that waits there, however much it is; somebody may send it again."""
    given_up = {"status": DeliveryStatus.FAILED, "next_attempt_at": None, "lease": ""}
    await session.execute(
        update(Delivery)
        .where(col(Delivery.queue) == queue, *_IS_WAITING)
        .values(given_up | {"reason": reason})
    )


async def send_failed_again(
    session: AsyncSession, queue: Queue, now: datetime, up_to: int, limit: int
) -> int:
    """From the beginning of the schedule, so many of those numbered up to `up_to`; how many it was."""
    failed = (
        select(col(Delivery.id))
        .where(col(Delivery.status) == DeliveryStatus.FAILED, col(Delivery.queue) == queue)
        .where(col(Delivery.id) <= up_to)
        .order_by(col(Delivery.id))
        .limit(limit)
    )
    again = {"status": DeliveryStatus.WAITING, "attempts": 0, "reason": "", "next_attempt_at": now}
    done = await session.execute(update(Delivery).where(col(Delivery.id).in_(failed)).values(again))
    return int(cast("CursorResult[Any]", done).rowcount)


async def head(session: AsyncSession) -> int:
    """The newest delivery's number, 0 when there is none."""
    return (await session.execute(select(func.max(col(Delivery.id))))).scalar_one() or 0


async def newest(
    session: AsyncSession, limit: int, status: DeliveryStatus | None = None
) -> Sequence[Delivery]:
    """The log, newest first."""
    query = select(Delivery).order_by(col(Delivery.id).desc()).limit(limit)
    # Twenty kilobytes each that nobody is shown.
    query = query.options(defer(Delivery.body))  # type: ignore[arg-type]
    if status is not None:
        query = query.where(col(Delivery.status) == status)
    return (await session.execute(query)).scalars().all()


async def forget_before(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove so many of the oldest, and return how many it was: their bodies tell of people."""
    old = (
        select(col(Delivery.id))
        .where(col(Delivery.created_at) < before)
        .order_by(col(Delivery.created_at))
        .limit(limit)
    )
    done = await session.execute(delete(Delivery).where(col(Delivery.id).in_(old)))
    return int(cast("CursorResult[Any]", done).rowcount)


def _latest(queue: Queue, now: datetime) -> dict[str, Any]:
    """How far ahead another clock may be, and a lease by it."""
    latest = now + CLOCKS_DIFFER_BY
    return {"queue": queue, "latest": latest, "latest_lease": latest + LEASE}


_QUIET_UNTIL = col(WebhookEndpoint.quiet_until)
_IS_ON = (col(WebhookEndpoint.enabled), col(WebhookEndpoint.switched_off_at).is_(None))
_IS_WAITING = (col(Delivery.status) == DeliveryStatus.WAITING,)
_LATEST, _LATEST_LEASE = (
    bindparam(name, type_=UtcDateTime()) for name in ("latest", "latest_lease")
)
_IS_LEASED = col(Delivery.lease) != ""
# A lease that lies further ahead than any, or an attempt that is still to come.
_OF_THE_FUTURE = (
    col(Delivery.queue) == bindparam("queue"),
    *_IS_WAITING,
    col(Delivery.next_attempt_at) > _LATEST,
    or_(
        and_(_IS_LEASED, col(Delivery.next_attempt_at) > _LATEST_LEASE),
        and_(
            ~_IS_LEASED,
            func.coalesce(col(Delivery.attempted_at), col(Delivery.created_at)) > _LATEST,
        ),
    ),
)
# Asked every few seconds or after every change, so they are put together once.
_ANY_OF_THE_FUTURE = select(col(Delivery.id)).where(*_OF_THE_FUTURE).limit(1)
_NEXT_DUE = (
    select(col(Delivery.next_attempt_at), col(WebhookEndpoint.quiet_until))
    .join(WebhookEndpoint, col(WebhookEndpoint.queue) == col(Delivery.queue))
    .where(col(Delivery.queue) == bindparam("queue"), *_IS_ON, *_IS_WAITING)
    .order_by(col(Delivery.next_attempt_at))
    .limit(1)
)
