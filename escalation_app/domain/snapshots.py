"""What a browser gets to see: small and frozen, never a database row. Times are ISO 8601 in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation_app.domain.vocabulary import Status

REASON_PREVIEW = 160
# Under a search a count goes no further: there it means "as many or more".
MOST_COUNTED = 100


def iso(at: datetime | None) -> str:
    """UTC to the millisecond, as browsers parse it; "" for no time."""
    return "" if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the list."""

    id: int
    status: str
    urgency: str
    topic: str
    area: str
    reason: str
    about: str
    owner: str
    created_at: str
    completed_at: str
    due_at: str
    # Set by the browser alone, on a row that left while the pointer was on the list.
    gone: bool = False


@dataclass(frozen=True, slots=True)
class QueueCounts:
    waiting: int = 0
    all: int = 0
    completed: int = 0

    @classmethod
    def of(cls, by_status: Mapping[Status, int]) -> "QueueCounts":
        return cls(
            waiting=by_status.get(Status.PENDING, 0),
            all=sum(by_status.values()),
            completed=by_status.get(Status.COMPLETED, 0),
        )

    def up_to(self, most: int) -> "QueueCounts":
        return QueueCounts(*(min(n, most) for n in (self.waiting, self.all, self.completed)))


@dataclass(frozen=True, slots=True)
class ProfileField:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    number: int
    speaker: str
    text: str
    sent_at: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    id: int
    kind: str
    sentence: str
    note: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The selected case, and what this person may do with it now."""

    id: int = 0
    conversation_id: int = 0
    queue: str = ""
    status: str = ""
    urgency: str = ""
    topic: str = ""
    area: str = ""
    reason: str = ""
    trigger: str = ""
    detector: str = ""
    about: str = ""
    owner: str = ""
    claimed_at: str = ""
    created_at: str = ""
    due_at: str = ""
    completed_by: str = ""
    completed_at: str = ""
    what_happened: str = ""
    action_taken: str = ""
    follow_up: str = ""
    version: int = 0
    is_mine: bool = False
    may_claim: bool = False
    may_release: bool = False
    may_complete: bool = False
    may_summarize: bool = False
    became: str = ""
    became_at: str = ""
    handed_over_by: str = ""
    handed_over_note: str = ""
    handed_over_at: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One sentence of a summary; `doubt` says why it is unverified, "" when it is not.

    `speaker` is who said it, where it is somebody's own words.
    """

    text: str = ""
    cites: list[int] = field(default_factory=list)
    doubt: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """The newest summary; without one `source` is "". `language` is its own name."""

    source: str = ""
    language: str = ""
    language_code: str = ""
    sentences: list[SentenceRow] = field(default_factory=list)
    made_by: str = ""
    made_at: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    facts: CaseFacts = CaseFacts()
    summary: SummaryFacts = SummaryFacts()
    profile: list[ProfileField] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)
    timeline: list[TimelineRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One line of the webhooks' log. `case_id` 0: a test; `answered` 0: no answer came."""

    id: int = 0
    queue: str = ""
    type: str = ""
    case_id: int = 0
    status: str = ""
    is_being_sent: bool = False
    # It waits, and the endpoint is off.
    is_paused: bool = False
    attempts: int = 0
    answered: int = 0
    reason: str = ""
    first_line: str = ""
    duration_ms: int = 0
    attempted_at: str = ""
    next_attempt_at: str = ""
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """How one queue's endpoint is doing."""

    queue: str = ""
    is_enabled: bool = False
    url: str = ""
    failing_since: str = ""
    quiet_until: str = ""
    switched_off_at: str = ""
    switched_off_because: str = ""


@dataclass(frozen=True, slots=True)
class WebhookLog:
    """The newest deliveries, all and failed ones apart, and each queue's endpoint."""

    newest: list[DeliveryRow]
    failed: list[DeliveryRow]
    preview: EndpointRow
    published: EndpointRow
