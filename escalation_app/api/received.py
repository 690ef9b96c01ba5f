"""What is sent to the desk. Unknown fields are refused; times are RFC 3339 with their zone."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from escalation_app.api import examples
from escalation_app.domain.text import MESSAGE_LIMIT, NAME_LIMIT, NOTE_LIMIT
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.services import intake

MOST_MESSAGES = 1_000
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("This must not be empty.")
    return text


def _rfc_3339(value: object) -> object:
    if value is None or (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        return value
    raise ValueError("This must be a time with its zone, such as 2026-11-24T09:30:00Z.")


def _utc(value: datetime | None) -> datetime | None:
    try:
        return None if value is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("This time is out of range.") from None


_STORABLE = {"pattern": r"^[^\u0000]*$"}
_VISIBLE = {"pattern": r"^[^\u0000]*\S[^\u0000]*$"}
Name = Annotated[
    str,
    AfterValidator(_filled),
    Field(max_length=NAME_LIMIT, json_schema_extra=_VISIBLE),
]
Identifier = Annotated[
    str, AfterValidator(_filled), Field(max_length=200, json_schema_extra=_VISIBLE)
]
Note = Annotated[
    str, AfterValidator(_filled), Field(max_length=NOTE_LIMIT, json_schema_extra=_VISIBLE)
]
Prose = Annotated[
    str,
    AfterValidator(_filled),
    Field(max_length=MESSAGE_LIMIT, json_schema_extra=_VISIBLE),
]
Text = Annotated[str, Field(min_length=1, max_length=MESSAGE_LIMIT, json_schema_extra=_STORABLE)]
MaybeNote = Annotated[str, Field(max_length=NOTE_LIMIT, json_schema_extra=_STORABLE)]
Time = Annotated[datetime | None, BeforeValidator(_rfc_3339), AfterValidator(_utc)]
Profile = Annotated[
    dict[str, Any],
    Field(
        description="What is known of the end user, as the supervisor is to read it.",
        examples=[{"name": "Dana Miller", "plan": "Gold"}],
    ),
]


class Received(BaseModel):
    """What is sent to the desk."""

    model_config = ConfigDict(extra="forbid")


class NewMessage(Received):
    role: Speaker
    text: Text
    sent_at: Time = Field(default=None, description="When it was said; left out, it is now.")


class NewConversation(Received):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"queue": "preview", "external_id": "chat-20418", "profile": {"name": "Dana"}}
            ]
        }
    )

    queue: Queue
    external_id: Identifier = Field(description="Your own id of the conversation.")
    profile: Profile = {}


class SaidMessage(Received):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"role": "user", "text": "I want my money back NOW!"}]}
    )

    role: Speaker
    text: Text


class EscalatedConversation(Received):
    external_id: Identifier = Field(description="Your own id of the conversation.")
    profile: Profile = {}
    messages: list[NewMessage] = Field(default=[], max_length=MOST_MESSAGES)


class NewEscalation(Received):
    model_config = ConfigDict(json_schema_extra={"examples": [examples.ESCALATION]})

    queue: Queue
    reason: Prose = Field(description="Why a person is needed, in a sentence for them.")
    trigger: Identifier = Field(description="The label of the condition that was met.")
    urgency: Urgency
    topic: Name
    area: Name
    conversation: EscalatedConversation

    def as_intake(self) -> intake.NewEscalation:
        return intake.NewEscalation(
            queue=self.queue,
            urgency=self.urgency,
            topic=self.topic,
            area=self.area,
            reason=self.reason,
            trigger=self.trigger,
            external_id=self.conversation.external_id,
            profile=self.conversation.profile,
            messages=tuple(
                intake.NewMessage(said.role, said.text, said.sent_at)
                for said in self.conversation.messages
            ),
        )


class Release(Received):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"note": "Needs somebody who speaks Spanish."}]}
    )

    note: MaybeNote = Field(default="", description="For whoever comes next.")


class NewResolution(Received):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "what_happened": "Charged twice.",
                    "action_taken": "Refunded 40 EUR.",
                    "follow_up": "None",
                }
            ]
        }
    )

    what_happened: Note
    action_taken: Note
    follow_up: MaybeNote = ""
