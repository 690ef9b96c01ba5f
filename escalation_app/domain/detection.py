"""Detection: what a conversation is judged against, and what the judge says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from escalation_app.domain.model_failures import ModelFailure
from escalation_app.domain.vocabulary import Speaker, Urgency


class Detector(StrEnum):
    """Which of the two judged."""

    AI = "ai"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class TriggerCondition:
    """When to escalate, in plain language, and what the case is unless detection knows better."""

    label: str
    description: str
    urgency: Urgency
    topic: str
    area: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message as a judge reads it; `number` counts from 1 within its conversation.

    What is `settled` was said before a case of the conversation was completed: it tells what
    later words mean, and is no evidence for another case.
    """

    number: int
    speaker: Speaker
    text: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Detection:
    """A condition that is met. `trigger` is its label; `reason` is a sentence for a supervisor."""

    trigger: str
    urgency: Urgency
    topic: str
    area: str
    reason: str
    detector: Detector


class Judge(Protocol):
    async def judge(
        self,
        conversation: Sequence[Utterance],
        conditions: Sequence[TriggerCondition],
        topics: Sequence[str],
        areas: Sequence[str],
    ) -> Detection | None:
        """The condition that the conversation meets with its latest message, or None.

        A topic or area other than the condition's own must be one of those given.

        Raises:
            JudgeFailed: No answer that can be used; the sentence says why.
        """


class JudgeFailed(Exception):
    """A judge could not judge. `str()` says why, for the log and the page beside the chat."""

    def __init__(self, sentence: str, kind: ModelFailure | None = None) -> None:
        self.kind = kind
        super().__init__(sentence)
