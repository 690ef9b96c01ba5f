"""The real conversations that the demo's cases are built on; see LICENCE-conversations.txt."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from escalation_app.demo.configuration import CONDITIONS
from escalation_app.domain.detection import Detection, Utterance
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.offline.detection import OfflineJudge
from escalation_app.offline.quoting import quote
from escalation_app.services.intake import NewEscalation, NewMessage

FILE = Path(__file__).with_name("conversations.jsonl")
_judge = OfflineJudge()
LONGEST_QUOTE = 160
GIVEN_UP = "Agent can't find a solution"


@dataclass(frozen=True, slots=True)
class Recorded:
    id: str
    topic: str
    area: str
    quote: str
    profile: dict[str, Any]
    messages: tuple[NewMessage, ...]

    @property
    def told(self) -> str:
        """What the case is about, in the customer's words, and where they stand."""
        number, text = next(
            (number, said.text)
            for number, said in enumerate(self.messages, 1)
            if self.quote in said.text
        )
        at = text.index(self.quote)
        return f"message {number}: “{quote(text, at, at + len(self.quote), LONGEST_QUOTE)}”"

    async def escalated(self, queue: Queue, urgency: Urgency, external_id: str) -> NewEscalation:
        """As a case: for what the desk itself finds in it, or because the agent gave up."""
        found = await self._first_detection()
        return NewEscalation(
            queue=queue,
            urgency=urgency,
            topic=self.topic,
            area=self.area,
            reason=found.reason if found else f"The agent was unsure of its answer ({self.told}).",
            trigger=found.trigger if found else GIVEN_UP,
            external_id=external_id,
            profile=self.profile,
            messages=self.messages,
        )

    async def _first_detection(self) -> Detection | None:
        said = [Utterance(n, one.speaker, one.text) for n, one in enumerate(self.messages, 1)]
        for utterance in said:
            if utterance.speaker is Speaker.USER:
                heard = said[: utterance.number]
                found = await _judge.judge(heard, CONDITIONS, [self.topic], [self.area])
                if found:
                    return found
        return None


@lru_cache(maxsize=1)
def recorded() -> tuple[Recorded, ...]:
    with FILE.open(encoding="utf-8") as lines:
        return tuple(_read(json.loads(line)) for line in lines)


def _read(line: dict[str, Any]) -> Recorded:
    messages = tuple(NewMessage(Speaker(said["role"]), said["text"]) for said in line["messages"])
    return Recorded(
        line["id"], line["topic"], line["area"], line["quote"], line["profile"], messages
    )
