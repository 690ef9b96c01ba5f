"""Not helped after several tries: the user says the same again, or the agent fails again."""

from collections.abc import Sequence
from dataclasses import replace

from escalation_app.offline.detection.evidence import Evidence, first
from escalation_app.offline.detection.reading import Message

SAME = 0.8
TOLD_AT_LENGTH = 4
LOOKED_BACK = 6
FAILURES = 2


def unresolved(user: Sequence[Message], agent: Sequence[Message]) -> Evidence | None:
    """The last message repeats an earlier one, or the agent could not help twice of late."""
    if not user:
        return None
    last = user[-1]
    if any(is_repeated(last, earlier) for earlier in user[-LOOKED_BACK:-1]):
        return Evidence(last, 0, min(len(last.text), 60), 1.0)
    failures = [found for message in agent[-LOOKED_BACK:] if (found := first(message, "failing"))]
    if len(failures) >= FAILURES and first(last, "calm") is None:
        return replace(failures[-1], is_agents=True)
    return None


def is_repeated(message: Message, earlier: Message) -> bool:
    """Nearly the same words; a short answer such as "yes, please" may well come twice."""
    words, before = message.vocabulary, earlier.vocabulary
    if len(words) < TOLD_AT_LENGTH:
        return False
    return len(words & before) / len(words | before) >= SAME
