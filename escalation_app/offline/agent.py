"""The AI agent of the test conversation while no model is configured: it keeps to a script."""

from collections.abc import Sequence

from escalation_app.domain.detection import Utterance
from escalation_app.domain.vocabulary import Speaker

# What it says, turn by turn: like an agent that does its best and does not get far.
_TURNS = (
    "Thank you for writing to us. Could you tell me a little more, and your order number?",
    "Thank you. I am looking into it. Is there anything else that I should know?",
    "I understand. From what I can see here everything is as it should be.",
    "I'm sorry that this is taking so long. Could you describe once more what you expect?",
)


def reply(conversation: Sequence[Utterance]) -> str:
    """The agent's next message; it depends only on how often the end user has spoken."""
    turns = sum(1 for said in conversation if said.speaker is Speaker.USER)
    return _TURNS[(turns - 1) % len(_TURNS)]
