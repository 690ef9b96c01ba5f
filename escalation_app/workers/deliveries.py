"""Webhooks on their way: each queue's endpoint has a lane of its own, so that none waits for another."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from escalation_app import request_context
from escalation_app.domain.delivery import LEASE
from escalation_app.domain.delivery_outcome import Outcome, WebhookSender
from escalation_app.domain.vocabulary import Queue
from escalation_app.request_context import Cause, RequestContext
from escalation_app.services import deliveries
from escalation_app.services.deliveries import Leased
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)

# How many attempts one process makes at one endpoint at the same time.
LANE_WIDTH = 8
# A lost notice heals within this time.
LOOK_SECONDS = 1.0
# What is being sent when the desk stops may end; what doesn't is sent again by whoever comes next.
DRAIN_SECONDS = 5.0
NO_SECRET = (
    "Nothing was sent: there is no webhook secret that the desk can read. "
    "Make a new one in the settings."
)
BROKEN = "The attempt failed within the desk itself. Its log says why."


class Lane:
    """The deliveries to one queue's endpoint."""

    def __init__(
        self, desk: Desk, sender: WebhookSender, queue: Queue, lease: timedelta = LEASE
    ) -> None:
        self.name = f"deliveries-{queue.value}"
        self.wake = asyncio.Event()
        self._desk = desk
        self._sender = sender
        self._queue = queue
        self._lease = lease
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled. An error is logged and the loop goes on."""
        try:
            while True:
                self.wake.clear()
                pause = LOOK_SECONDS
                try:
                    pause = await self.step_once()
                except Exception:
                    log.exception("deliveries can't be read; trying again")
                # Until Python 3.12, `wait_for` forgets that it was cancelled if what it waits for comes.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self.wake.wait()
        finally:
            await self._drain()

    async def step_once(self) -> float:
        """Begin what is due and fits; return how many seconds to wait unless something happens."""
        free = LANE_WIDTH - len(self._under_way)
        due = await deliveries.next_due(self._desk, self._queue) if free else None
        if due is None or due > self._desk.clock():
            return self._until(due)
        for leased in await deliveries.lease(self._desk, self._queue, free, self._lease):
            attempt = asyncio.create_task(self._attempt(leased))
            self._under_way.add(attempt)
            attempt.add_done_callback(self._ended)
        return LOOK_SECONDS

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, (due - self._desk.clock()).total_seconds())

    async def _attempt(self, leased: Leased) -> None:
        # The receiver knows it by the same id.
        with request_context.within(RequestContext(Cause.DELIVERY, leased.message_id)):
            try:
                await deliveries.settle(self._desk, leased, await self._outcome(leased))
            except Exception:
                # The lease ends by itself, and the same message is sent again.
                log.exception("the outcome of delivery %s was not kept", leased.delivery_id)

    async def _outcome(self, leased: Leased) -> Outcome:
        if not leased.secrets:
            return Outcome(None, NO_SECRET, "", 0, is_receivers=False)
        try:
            headers = leased.headers(self._desk.clock())
            return await self._sender.send(leased.url, headers, leased.body)
        except Exception:
            log.exception("delivery %s could not be sent", leased.delivery_id)
            return Outcome(None, BROKEN, "", 0, is_receivers=False)

    def _ended(self, attempt: asyncio.Task[None]) -> None:
        self._under_way.discard(attempt)
        self.wake.set()

    async def _drain(self) -> None:
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=DRAIN_SECONDS)
            for attempt in late:
                attempt.cancel()


def lanes(desk: Desk, make_sender: Callable[[], WebhookSender]) -> list[Lane]:
    """One for each queue, each with a sender of its own: they share not even a slow name server."""
    return [Lane(desk, make_sender(), queue) for queue in Queue]
