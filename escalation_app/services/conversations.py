"""What is said: stored first, then judged, then joined to the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from escalation_app.db import configurations, conversations, escalations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.conversation import Conversation, Message
from escalation_app.domain.detection import Detection, Utterance
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchConversation
from escalation_app.domain.text import storable
from escalation_app.domain.vocabulary import Queue, Speaker
from escalation_app.services import detection, intake
from escalation_app.services.desk import Change, Desk
from escalation_app.services.detection import Judgement
from escalation_app.services.intake import Grounds


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that is stored, and what came of it.

    `escalation` is the case that it triggered or belongs to, `reply` what the end user is told
    when it triggered one, `judgement` what was judged, None when there was nothing to judge.
    """

    message: Message
    escalation: Escalation | None = None
    reply: str | None = None
    judgement: Judgement | None = None


async def start(
    desk: Desk, by: Viewer, queue: Queue, external_id: str, profile: dict[str, Any]
) -> Conversation:
    """Raises NotPermitted, InvalidInput."""
    by.must(Permission.CONVERSE)
    async with desk.changing() as change:
        return await intake.store(change, queue, external_id, profile, desk.clock())


async def add_message(
    desk: Desk, by: Viewer, conversation_id: int, speaker: Speaker, text: str
) -> Heard:
    """Store a message; an open case of the conversation hears of it.

    Raises:
        NotPermitted, NoSuchConversation, InvalidInput
    """
    by.must(Permission.CONVERSE)
    text = storable(text, "text")
    now = desk.clock()
    async with desk.changing() as change:
        conversation = await _locked(change, conversation_id)
        message = conversation.add(speaker, text, now)
        change.session.add(message)
        case = await escalations.open_case_of(change.session, conversation_id, held=True)
        if case is not None:
            await change.record(case.hear(message.number, by, now))
    return Heard(message, case)


async def hear(desk: Desk, by: Viewer, conversation_id: int, speaker: Speaker, text: str) -> Heard:
    """Store a message and, when it is the end user's, judge whether it opens a case.

    Raises:
        NotPermitted, NoSuchConversation, InvalidInput
    """
    heard = await add_message(desk, by, conversation_id, speaker, text)
    if speaker is not Speaker.USER or heard.escalation is not None:
        return heard
    return await judge_latest(desk, by, heard)


async def judge_latest(desk: Desk, by: Viewer, heard: Heard) -> Heard:
    """Judge a stored message of the end user against its queue's conditions; maybe open a case.

    No transaction is open while the judge thinks. Who else opened the case meanwhile was first.

    Raises:
        NotPermitted
    """
    by.must(Permission.CONVERSE)
    conversation_id = heard.message.conversation_id
    said, configuration = await _to_judge(desk, conversation_id)
    if not configuration.enabled:
        return heard
    judgement = await detection.judge(desk, said, configuration)
    if judgement.detection is None:
        return Heard(heard.message, judgement=judgement)
    escalation, reply = await _escalate(desk, by, conversation_id, judgement.detection)
    return Heard(heard.message, escalation, reply, judgement)


async def _escalate(
    desk: Desk, by: Viewer, conversation_id: int, found: Detection
) -> tuple[Escalation, str | None]:
    """The case, and what the end user is told, which is nothing when the case was there already."""
    grounds = Grounds(
        found.urgency, found.topic, found.area, found.reason, found.trigger, found.detector
    )
    now = desk.clock()
    async with desk.changing() as change:
        conversation = await _locked(change, conversation_id)
        open_case = await escalations.open_case_of(change.session, conversation_id, held=True)
        if open_case is not None:
            return open_case, None
        # The settings may have changed while the judge was thinking; what is told is what holds now.
        configuration = await configurations.of_queue(change.session, conversation.queue)
        reply = configuration.response
        if reply:
            change.session.add(conversation.add(Speaker.AGENT, reply, now))
        return await intake.open_case(change, by, conversation, grounds, now), reply or None


async def _to_judge(desk: Desk, conversation_id: int) -> tuple[Sequence[Utterance], Configuration]:
    async with desk.database.reading() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        configuration = await configurations.of_queue(session, conversation.queue)
        said = await conversations.messages(session, conversation_id)
    return as_utterances(said), configuration


def as_utterances(said: Sequence[Message]) -> list[Utterance]:
    """The messages as judges and summarizers read them."""
    return [Utterance(message.number, message.speaker, message.text) for message in said]


async def _locked(change: Change, conversation_id: int) -> Conversation:
    conversation = await conversations.lock(change.session, conversation_id)
    if conversation is None:
        raise NoSuchConversation
    return conversation
