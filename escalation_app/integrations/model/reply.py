"""The AI agent's next message in a test conversation."""

from collections.abc import Sequence

from escalation_app.domain.detection import Utterance
from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.reply import REPLY_LIMIT
from escalation_app.domain.text import without_unstorable
from escalation_app.integrations.model.objects import after_thoughts
from escalation_app.integrations.model.prompt import Prompt, about

_TASK = """\
You are the customer support agent in the conversation of the transcript ("from": "agent" is \
you, "user" is the customer). Write your next message: friendly, brief, in the language that the \
customer writes, at most 600 characters of plain text. Promise nothing that you can't do yourself: \
you look nothing up, move no money and change no order. Ask for what is missing."""

_REMINDER = "Write the agent's next message to the customer, and nothing else."


def prompt(conversation: Sequence[Utterance]) -> Prompt:
    return about(conversation, _TASK, _REMINDER)


def read(answer: str) -> str:
    """The message, shortened if it is longer than a reply may be.

    Raises:
        ModelFailed
    """
    text = without_unstorable(after_thoughts(answer)).strip()
    if not text:
        raise ModelFailed(ModelFailure.UNUSABLE, "it is empty")
    return text if len(text) <= REPLY_LIMIT else f"{text[: REPLY_LIMIT - 1].rstrip()}…"
