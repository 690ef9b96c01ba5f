"""What a draft would have done: stored conversations judged again, beside what is published."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from escalation_app.db import configurations, conversations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.conversation import Conversation
from escalation_app.domain.detection import Detection, Utterance
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue, Speaker
from escalation_app.services import detection
from escalation_app.services.conversations import as_utterances
from escalation_app.services.desk import Desk

MOST_CONVERSATIONS = 500


class Effect(StrEnum):
    """What publishing the draft would change for a conversation."""

    NOW = "would now escalate"
    NO_LONGER = "would no longer escalate"
    OTHERWISE = "would escalate otherwise"
    SAME = "escalates as before"
    NEITHER = "does not escalate"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first message that meets a condition, and which one."""

    number: int
    detection: Detection


@dataclass(frozen=True, slots=True)
class Replayed:
    """One conversation, judged by the draft and by what is published; None does not escalate."""

    conversation_id: int
    queue: Queue
    about: str
    draft: Verdict | None
    published: Verdict | None

    @property
    def effect(self) -> Effect:
        if self.draft is None:
            return Effect.NEITHER if self.published is None else Effect.NO_LONGER
        if self.published is None:
            return Effect.NOW
        return Effect.SAME if _as_case(self.draft) == _as_case(self.published) else Effect.OTHERWISE


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    replayed: Replayed


async def replay(desk: Desk, by: Viewer, last: int) -> AsyncGenerator[Progress, None]:
    """Judge the newest `last` conversations anew, newest first; nothing is stored or escalated.

    Close it (`contextlib.aclosing`) to cancel. No transaction is open while a judge thinks.

    Raises:
        NotPermitted, InvalidInput
    """
    by.must(Permission.CONFIGURE)
    if not 1 <= last <= MOST_CONVERSATIONS:
        raise InvalidInput("last", f"Choose from 1 to {MOST_CONVERSATIONS} conversations.")
    async with desk.database.reading() as session:
        bundles = await configurations.in_force(session)
        newest = await conversations.newest(session, last)
    for done, conversation in enumerate(newest, 1):
        async with desk.database.reading() as session:
            said = as_utterances(await conversations.messages(session, _id(conversation)))
        published = await _first_verdict(desk, said, bundles[Queue.PUBLISHED])
        draft = (
            published
            if _judges_alike(bundles[Queue.PREVIEW], bundles[Queue.PUBLISHED])
            else await _first_verdict(desk, said, bundles[Queue.PREVIEW])
        )
        about = str(conversation.profile.get("name") or "Unknown")
        replayed = Replayed(_id(conversation), conversation.queue, about, draft, published)
        yield Progress(done, len(newest), replayed)


async def _first_verdict(
    desk: Desk, said: Sequence[Utterance], configuration: Configuration
) -> Verdict | None:
    """As it would have happened: judged after each message of the end user until one fires."""
    if not configuration.enabled:
        return None
    for position, utterance in enumerate(said, 1):
        if utterance.speaker is Speaker.USER:
            judged = await detection.judge(desk, said[:position], configuration)
            if judged.detection is not None:
                return Verdict(utterance.number, judged.detection)
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
