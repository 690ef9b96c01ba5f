"""What came of one attempt at a delivery, and the ports that a sender has to fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

FIRST_LINE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` is a sentence for a person, and empty when the attempt succeeded."""

    status: int | None
    reason: str
    first_line: str
    duration_ms: int
    retry_after: timedelta | None = None
    # Whether the receiver had a part in it: what fails within the desk says nothing about it.
    is_receivers: bool = True

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver wants no more deliveries, ever."""
        return self.status == HTTPStatus.GONE

    @property
    def asks_to_slow_down(self) -> bool:
        return self.status in (
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.BAD_GATEWAY,
            HTTPStatus.GATEWAY_TIMEOUT,
        )


class WebhookSender(Protocol):
    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """One attempt. Whatever goes wrong is an outcome; only a cancellation is raised."""


class Receivers(Protocol):
    async def problem_with(self, url: str) -> str:
        """Why nothing may be sent there, as a sentence; empty when nothing speaks against it."""


def sentence_for(status: int) -> str:
    """What a status means for the person who looks after the webhook; empty for a success."""
    if 200 <= status < 300:
        return ""
    return f"The receiver answered {_named(status)}{_meaning(status)}"


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _meaning(status: int) -> str:
    if status in _MEANINGS:
        return _MEANINGS[status]
    if 300 <= status < 400:
        return " and wants to send us elsewhere; redirects are not followed."
    if 400 <= status < 500:
        return ": it does not accept the request as it is."
    if 500 <= status < 600:
        return ": it has a fault of its own."
    return ", which is no answer to a delivery."


_MEANINGS = {
    304: ", which is no answer to a delivery.",
    401: ": it does not accept who we are. Does it know the webhook's secret?",
    403: ": it does not let us in. Does it know the webhook's secret?",
    404: ": there is nothing at the webhook's URL.",
    405: ": it takes no POST at the webhook's URL.",
    410: ": it wants no more deliveries.",
    413: ": the delivery is too large for it.",
    429: ": it asks us to slow down.",
    502: ": what stands before the receiver can't reach it.",
    503: ": it is not available right now.",
    504: ": what stands before the receiver got no answer from it in time.",
}
