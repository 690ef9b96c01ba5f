"""The real conversations that the demo's cases are built on; see LICENCE-conversations.txt."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.services.intake import NewEscalation, NewMessage

FILE = Path(__file__).with_name("conversations.jsonl")
TRIGGERS = {
    "Billing": "Charge not recognised",
    "Refund": "Asks for a refund",
    "Complaint": "Angry customer",
    "Booking": "Agent can't find a solution",
    "Account": "Identity in doubt",
    "Technical": "Repeated failure",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    id: str
    topic: str
    area: str
    quote: str
    profile: dict[str, Any]
    messages: tuple[NewMessage, ...]

    def escalated(self, queue: Queue, urgency: Urgency, external_id: str) -> NewEscalation:
        trigger = TRIGGERS[self.topic]
        return NewEscalation(
            queue=queue,
            urgency=urgency,
            topic=self.topic,
            area=self.area,
            reason=f"{trigger}: “{self.quote}”",
            trigger=trigger,
            external_id=external_id,
            profile=self.profile,
            messages=self.messages,
        )


@lru_cache(maxsize=1)
def recorded() -> tuple[Recorded, ...]:
    with FILE.open(encoding="utf-8") as lines:
        return tuple(_read(json.loads(line)) for line in lines)


def _read(line: dict[str, Any]) -> Recorded:
    messages = tuple(NewMessage(Speaker(said["role"]), said["text"]) for said in line["messages"])
    return Recorded(
        line["id"], line["topic"], line["area"], line["quote"], line["profile"], messages
    )
