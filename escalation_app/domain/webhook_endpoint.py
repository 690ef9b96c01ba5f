"""Where a queue's events go at present, and how that has been going."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, String, Text
from sqlmodel import Field, SQLModel

from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.configuration import Webhook
from escalation_app.domain.delivery import patience
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.domain.retries import FAILURES_THAT_COUNT, GIVE_UP_AFTER, PATIENCE
from escalation_app.domain.vocabulary import Queue

# A receiver has to read as many signatures in one header.
MOST_FORMER_SECRETS = 4


class WebhookEndpoint(SQLModel, table=True):
    """One row for each queue. What is wanted stands in the settings, which are kept unchanged once
    published; here stands what is so.
    """

    __tablename__ = "webhook_endpoint"

    queue: Queue = Field(sa_column=Column(EnumText(Queue), primary_key=True))
    enabled: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    url: str = Field(default="", sa_column=Column(Text, nullable=False))
    # Former secrets that still sign: `{"sealed": …, "until": ISO 8601}`, the newest first.
    retiring: list[dict[str, Any]] = Field(
        default_factory=list, repr=False, sa_column=Column(JSON, nullable=False)
    )
    # In a row, since the last success.
    failures: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    failing_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    quiet_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    switched_off_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    switched_off_because: str = Field(default="", sa_column=Column(String(500), nullable=False))

    @property
    def is_on(self) -> bool:
        return self.enabled and self.switched_off_at is None

    def follow(self, webhook: Webhook) -> None:
        """Do as the settings say. Another address, or a switch turned on, begins without a past."""
        if (webhook.enabled, webhook.url) != (self.enabled, self.url):
            self.enabled, self.url = webhook.enabled, webhook.url
            self.switch_on()

    def switch_on(self) -> None:
        self.failing_since = self.quiet_until = self.switched_off_at = None
        self.failures, self.switched_off_because = 0, ""

    def retire(self, sealed: str, now: datetime, overlap: timedelta) -> None:
        """Let a former secret sign for so long; with no overlap none but the present one does."""
        if not overlap:
            self.retiring = []
        elif sealed:
            until = (now + overlap).isoformat()
            former = [{"sealed": sealed, "until": until}, *self._not_over(now)]
            self.retiring = former[:MOST_FORMER_SECRETS]

    def former_secrets(self, now: datetime) -> tuple[str, ...]:
        """Sealed, those that still sign."""
        return tuple(one["sealed"] for one in self._not_over(now))

    def hear(self, outcome: Outcome, now: datetime) -> bool:
        """Learn from an attempt's outcome; whether that switched it off."""
        if outcome.succeeded:
            # A wish to be left alone outlasts an answer that was already on its way.
            self.failing_since, self.failures = None, 0
            return False
        self.failing_since, self.failures = self.failing_since or now, self.failures + 1
        if patience(outcome):
            self.quiet_until = max(self.quiet_until or now, now + patience(outcome))
        return self.is_on and self._switched_off(outcome, now)

    def set_right(self, now: datetime) -> None:
        """The clock was ahead and has been set back. Nobody knows how long to be quiet: not for long."""
        if self.quiet_until is not None:
            self.quiet_until = min(self.quiet_until, now + PATIENCE)

    def _switched_off(self, outcome: Outcome, now: datetime) -> bool:
        assert self.failing_since is not None
        if outcome.is_gone:
            because = "the receiver answered 410 Gone"
        elif now - self.failing_since >= GIVE_UP_AFTER and self.failures >= FAILURES_THAT_COUNT:
            because = f"for {GIVE_UP_AFTER.days} days no delivery has succeeded"
        else:
            return False
        self.switched_off_at, self.switched_off_because = now, because
        return True

    def _not_over(self, now: datetime) -> list[dict[str, Any]]:
        return [one for one in self.retiring if datetime.fromisoformat(one["until"]) > now]
