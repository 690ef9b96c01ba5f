"""What is said: stored first, then judged, then joined to the case."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from escalation_app.db import configurations, conversations, escalations, timeline
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.conversation import Conversation, Message
from escalation_app.domain.detection import Detection, Utterance
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import (
    DeskUnavailable,
    NoSuchConversation,
    NotJudgedYet,
    OutcomeUnknown,
)
from escalation_app.domain.vocabulary import Queue, Speaker, Status
from escalation_app.services import detection, intake
from escalation_app.services.desk import Change, Desk
from escalation_app.services.intake import Grounds
from escalation_app.services.messages import MOST_READ, held, told
from escalation_app.services.messages import Heard as Heard
from escalation_app.services.messages import add_message as add_message
from escalation_app.services.messages import as_utterances as as_utterances

log = logging.getLogger(__name__)
Done = TypeVar("Done")

# How long a stored message waits for a database that went away, before it is tried again.
PAUSES = (0.2, 1.0)


async def start(
    desk: Desk, by: Viewer, queue: Queue, external_id: str, profile: dict[str, Any]
) -> Conversation:
    """Begin a conversation, or go on with the one that the queue knows by this external id.

    Raises:
        NotPermitted, InvalidInput
    """
    by.must(Permission.CONVERSE)
    async with desk.changing() as change:
        return await intake.begin(change, queue, external_id, profile, desk.clock())


async def hear(
    desk: Desk, by: Viewer, conversation_id: int, speaker: Speaker, text: str, key: str = ""
) -> Heard:
    """Store a message and, when it is the end user's, judge whether it opens a case.

    Sent again with its key, it is not stored again, and judged if nothing came of it yet.

    Raises:
        NotPermitted, NoSuchConversation, InvalidInput, RequestDiffers, NotJudgedYet
    """
    heard = await add_message(desk, by, conversation_id, speaker, text, key)
    if speaker is not Speaker.USER or heard.escalation is not None:
        return heard
    return await judge_latest(desk, by, heard)


async def judge_latest(desk: Desk, by: Viewer, heard: Heard) -> Heard:
    """Judge a stored message of the end user against its queue's conditions; maybe open a case.

    What came after the message does not decide on it. No transaction is open while the judge
    thinks. Who else opened the case meanwhile was first.

    Raises:
        NotPermitted
        NotJudgedYet: The database was away for longer than a moment.
    """
    by.must(Permission.CONVERSE)
    message = heard.message
    case = await _patiently(message, lambda: _to_judge(desk, message))
    if not case.configuration.enabled or case.is_settled:
        return heard
    judgement = await detection.judge(desk, case.said, case.configuration)
    found = judgement.detection
    if found is None:
        return replace(heard, judgement=judgement)
    opened = await _patiently(message, lambda: _escalate(desk, by, message, found))
    return replace(heard, escalation=opened.escalation, reply=opened.reply, judgement=judgement)


async def _patiently(message: Message, step: Callable[[], Awaitable[Done]]) -> Done:
    """The message is stored: a database that is away for a moment must not leave it unjudged."""
    for pause in PAUSES:
        try:
            return await step()
        except (DeskUnavailable, OutcomeUnknown) as refusal:
            log.warning("a stored message waits to be judged: %s", refusal)
            await asyncio.sleep(pause)
    try:
        return await step()
    except (DeskUnavailable, OutcomeUnknown) as refusal:
        raise NotJudgedYet(message.number) from refusal


@dataclass(frozen=True, slots=True)
class _ToJudge:
    said: Sequence[Utterance]
    configuration: Configuration

    @property
    def is_settled(self) -> bool:
        """A case was completed since it was said, so that nobody waits for another."""
        return self.said[-1].settled


async def _to_judge(desk: Desk, message: Message) -> _ToJudge:
    number, conversation_id = message.number, message.conversation_id
    async with desk.database.reading() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        configuration = await configurations.of_queue(session, conversation.queue)
        said = await conversations.messages_up_to(session, conversation_id, number, MOST_READ)
        newest = await escalations.newest_case_of(session, conversation_id)
        settled: int | None = 0
        if newest is not None and newest.status is Status.COMPLETED:
            settled = await timeline.settled_up_to(session, newest)
    return _ToJudge(as_utterances(said, number if settled is None else settled), configuration)


async def _escalate(desk: Desk, by: Viewer, message: Message, found: Detection) -> Heard:
    """The case that is opened, or was already; none if the settings don't want it any more."""
    now = desk.clock()
    async with desk.changing() as change:
        conversation = await _held_with_its_name(change, message.conversation_id)
        case = await escalations.open_case_of(change.session, message.conversation_id, held=True)
        if case is not None:
            # With the reply too, if this very message opened it in another request.
            return replace(await told(change.session, message), escalation=case)
        case_id = await escalations.open_case_named(
            change.session, conversation.queue, conversation.external_id
        )
        if case_id is not None:
            return Heard(message, await change.session.get_one(Escalation, case_id))
        # The settings may have changed while the judge was thinking; what holds now counts.
        configuration = await configurations.of_queue(change.session, conversation.queue)
        labels = {condition.label for condition in configuration.conditions}
        if not configuration.enabled or found.trigger not in labels:
            return Heard(message)
        came_of = {"message": message.number}
        reply = configuration.response
        if reply:
            said = conversation.add(Speaker.AGENT, reply, now)
            change.session.add(said)
            came_of["reply"] = said.number
        case = await intake.open_case(change, by, conversation, _grounds(found, came_of), now)
        return Heard(message, case, reply or None)


async def _held_with_its_name(change: Change, conversation_id: int) -> Conversation:
    """First the name and then the row, as whoever begins or escalates by name does."""
    name = await conversations.name_of(change.session, conversation_id)
    if name is None:
        raise NoSuchConversation
    await conversations.hold_external_id(change.session, *name)
    return await held(change, conversation_id)


def _grounds(found: Detection, came_of: dict[str, int]) -> Grounds:
    return Grounds(
        found.urgency,
        found.topic,
        found.area,
        found.reason,
        found.trigger,
        found.detector,
        came_of,
    )
