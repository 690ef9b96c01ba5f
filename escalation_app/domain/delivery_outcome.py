"""What became of one attempt to deliver. (Placeholder of the interface, until the sender lands.)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

SLOW_DOWN = frozenset({429, 502, 504})
GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int | None
    reason: str
    first_line: str
    duration_ms: int
    retry_after: timedelta | None = None

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE

    @property
    def asks_to_slow_down(self) -> bool:
        return self.status in SLOW_DOWN


class WebhookSender(Protocol):
    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome: ...


class Receivers(Protocol):
    async def problem_with(self, url: str) -> str: ...
