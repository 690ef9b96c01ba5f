"""A queue whose webhook is on, a receiver that answers as it is told, and a clock to turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from escalation_app.domain.configuration import Configuration, Webhook
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import deliveries, settings
from escalation_app.services.desk import Desk
from tests.cast import Cast

URL = "https://helpdesk.example.com/hooks"
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


def answered(status: int, *, retry_after: timedelta | None = None) -> Outcome:
    reason = "" if 200 <= status < 300 else f"The receiver answered {status}."
    return Outcome(status, reason, "", 12, retry_after)


@dataclass
class Sent:
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Stands for the network: it keeps what arrives and answers with what it is given."""

    answer: Outcome = field(default_factory=lambda: answered(204))
    heard: list[Sent] = field(default_factory=list)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.heard.append(Sent(url, dict(headers), body))
        return self.answer


async def switched_on(
    desk: Desk, cast: Cast, *, queue: Queue = Queue.PUBLISHED, url: str = URL
) -> None:
    """Lina switches the webhook on, for the published queue by publishing."""
    now = await settings.read(desk, cast.lina)
    bundle = replace(now.draft, webhook=Webhook(enabled=True, url=url))
    revision = await settings.save(desk, cast.lina, now.revision, bundle)
    if queue is Queue.PUBLISHED:
        await settings.publish(desk, cast.lina, revision)


async def deliver(desk: Desk, receiver: Receiver, queue: Queue = Queue.PUBLISHED) -> int:
    """Send what is due now and keep the outcomes; return how many there were."""
    leased = await deliveries.lease(desk, queue, 100)
    for one in leased:
        outcome = await receiver.send(one.url, one.headers(desk.clock()), one.body)
        await deliveries.settle(desk, one, outcome)
    return len(leased)


def elsewhere(bundle: Configuration) -> Configuration:
    return replace(bundle, webhook=Webhook(enabled=True, url="https://elsewhere.example.com/"))


def without(bundle: Configuration) -> Configuration:
    return replace(bundle, webhook=replace(bundle.webhook, enabled=False))
