"""What the AI agent says next in a test conversation."""

from collections.abc import Sequence
from typing import Protocol

from escalation_app.domain.detection import Utterance

REPLY_LIMIT = 2_000


class Replier(Protocol):
    async def reply(self, conversation: Sequence[Utterance]) -> str:
        """The agent's next message, of at most REPLY_LIMIT characters.

        Raises:
            ModelFailed: There is none; `kind` and the sentence say why.
        """
