"""What a draft would have done: stored conversations judged again, beside what is published."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations, conversations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.detection import Detection, Detector, JudgeFailed, Utterance
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue, Speaker
from escalation_app.services import detection
from escalation_app.services.desk import Desk
from escalation_app.services.messages import MOST_READ, as_utterances
from escalation_app.services.settings_snapshots import settings_mark

MOST_CONVERSATIONS = 500
# Of a longer conversation, its newest messages are judged.
MOST_MESSAGES = 1_000

# Awaited before each judgement; what it raises ends the replay.
BeforeEach = Callable[[], Awaitable[None]]


class Effect(StrEnum):
    """What publishing the draft would change for a conversation."""

    NOW = "would now escalate"
    NO_LONGER = "would no longer escalate"
    OTHERWISE = "would escalate differently"
    SAME = "escalates as before"
    NEITHER = "does not escalate"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first message that meets a condition, and which one."""

    number: int
    detection: Detection


@dataclass(frozen=True, slots=True)
class Replayed:
    """One conversation, judged by the draft and by what is published; None does not escalate.

    The same `detector` judged for both, so that only the settings can make a difference.
    """

    conversation_id: int
    queue: Queue
    about: str
    draft: Verdict | None
    published: Verdict | None
    detector: Detector

    @property
    def effect(self) -> Effect:
        if self.draft is None:
            return Effect.NEITHER if self.published is None else Effect.NO_LONGER
        if self.published is None:
            return Effect.NOW
        return Effect.SAME if _as_case(self.draft) == _as_case(self.published) else Effect.OTHERWISE


@dataclass(frozen=True, slots=True)
class Basis:
    """Which settings were replayed, and when; `mark` is that of the settings page."""

    revision: int
    version: int
    mark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    replayed: Replayed
    basis: Basis


async def _go_on() -> None:
    return None


async def replay(
    desk: Desk, by: Viewer, last: int, before_each: BeforeEach = _go_on
) -> AsyncGenerator[Progress, None]:
    """Judge the newest `last` conversations anew, newest first; nothing is stored or escalated.

    Close it (`contextlib.aclosing`) to cancel between two conversations, or raise in
    `before_each` to do so between two judgements. No transaction is open while a judge thinks.

    Raises:
        NotPermitted, InvalidInput
    """
    by.must(Permission.CONFIGURE)
    if not 1 <= last <= MOST_CONVERSATIONS:
        raise InvalidInput("last", f"Choose from 1 to {MOST_CONVERSATIONS} conversations.")
    async with desk.database.reading() as session:
        bundles = await configurations.in_force(session)
        basis = await _basis(session, desk.clock())
        newest = await conversations.newest(session, last)
    for done, conversation in enumerate(newest, 1):
        async with desk.database.reading() as session:
            stored = await conversations.newest_messages(session, _id(conversation), MOST_MESSAGES)
        replayed = await _replayed(desk, conversation, as_utterances(stored), bundles, before_each)
        yield Progress(done, len(newest), replayed, basis)


async def _basis(session: AsyncSession, now: datetime) -> Basis:
    draft, newest = await configurations.draft(session), await configurations.newest(session)
    return Basis(draft.revision, newest.number, await settings_mark(session), now)


async def _replayed(
    desk: Desk,
    conversation: Conversation,
    said: Sequence[Utterance],
    bundles: dict[Queue, Configuration],
    before_each: BeforeEach,
) -> Replayed:
    async def verdicts(detector: Detector) -> Replayed:
        published = await _first_verdict(
            desk, detector, said, bundles[Queue.PUBLISHED], before_each
        )
        draft = (
            published
            if _judges_alike(bundles[Queue.PREVIEW], bundles[Queue.PUBLISHED])
            else await _first_verdict(desk, detector, said, bundles[Queue.PREVIEW], before_each)
        )
        about = str(conversation.profile.get("name") or "Unknown")
        number, queue = _id(conversation), conversation.queue
        return Replayed(number, queue, about, draft, published, detector)

    if desk.model is not None:
        try:
            return await verdicts(Detector.AI)
        except JudgeFailed:
            # Logged already. What the model found of one side alone would compare the judges.
            pass
    return await verdicts(Detector.OFFLINE)


async def _first_verdict(
    desk: Desk,
    detector: Detector,
    said: Sequence[Utterance],
    configuration: Configuration,
    before_each: BeforeEach,
) -> Verdict | None:
    """As it would have happened: judged after each message of the end user until one fires."""
    if not configuration.enabled:
        return None
    for position, utterance in enumerate(said, 1):
        if utterance.speaker is Speaker.USER:
            await before_each()
            heard = said[max(0, position - MOST_READ) : position]
            found = await detection.judge_by(desk, detector, heard, configuration)
            if found is not None:
                return Verdict(utterance.number, found)
    return None


def _judges_alike(one: Configuration, other: Configuration) -> bool:
    def judged_by(configuration: Configuration) -> tuple[object, ...]:
        return (
            configuration.enabled,
            configuration.conditions,
            configuration.topics,
            configuration.areas,
        )

    return judged_by(one) == judged_by(other)


def _as_case(verdict: Verdict) -> tuple[object, ...]:
    found = verdict.detection
    return found.trigger, found.urgency, found.topic, found.area


def _id(conversation: Conversation) -> int:
    assert conversation.id is not None
    return conversation.id
