"""What is said is stored, once, and the conversation's newest case hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import conversations, escalations, timeline
from escalation_app.domain.conversation import Conversation, Message
from escalation_app.domain.detection import Utterance
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchConversation
from escalation_app.domain.text import storable
from escalation_app.domain.vocabulary import Speaker, Status, TimelineKind
from escalation_app.services import idempotency
from escalation_app.services.desk import Change, Desk
from escalation_app.services.detection import Judgement

# A judge and the agent read no more than this of the newest messages, however many there are.
MOST_READ = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that is stored, and what came of it.

    `escalation` is the case that it triggered or belongs to, `reply` what the end user is told
    when it triggered one, `judgement` what was judged, None when there was nothing to judge.
    `is_new` says whether it was stored just now, and not when it was sent before.
    """

    message: Message
    escalation: Escalation | None = None
    reply: str | None = None
    judgement: Judgement | None = None
    is_new: bool = True


async def add_message(
    desk: Desk, by: Viewer, conversation_id: int, speaker: Speaker, text: str, key: str = ""
) -> Heard:
    """Store a message; with a key, only once however often it is sent.

    Raises:
        NotPermitted, NoSuchConversation, InvalidInput
        RequestDiffers: The key was used with something else within the last 24 hours.
    """
    by.must(Permission.CONVERSE)
    text = storable(text, "text")
    async with desk.changing() as change:
        if not key:
            return await _add(desk, change, by, conversation_id, speaker, text)
        meant = {"conversation": conversation_id, "speaker": speaker, "text": text}
        row, is_new = await idempotency.take(desk, change, by, key, meant)
        if not is_new:
            return await told(change.session, await change.session.get_one(Message, row.message_id))
        heard = await _add(desk, change, by, conversation_id, speaker, text)
        await change.session.flush()
        row.message_id = heard.message.id
    return heard


async def add_reply(desk: Desk, by: Viewer, conversation_id: int, text: str) -> Message | None:
    """Store what the agent answers, unless people have the conversation by now: None.

    Raises:
        NotPermitted, NoSuchConversation, InvalidInput
    """
    by.must(Permission.CONVERSE)
    text = storable(text, "text")
    async with desk.changing() as change:
        await held(change, conversation_id)
        if await escalations.open_case_of(change.session, conversation_id, held=True) is not None:
            return None
        return (await _add(desk, change, by, conversation_id, Speaker.AGENT, text)).message


async def _add(
    desk: Desk, change: Change, by: Viewer, conversation_id: int, speaker: Speaker, text: str
) -> Heard:
    now = desk.clock()
    conversation = await held(change, conversation_id)
    message = conversation.add(speaker, text, now)
    change.session.add(message)
    case = await escalations.newest_case_of(change.session, conversation_id, held=True)
    if case is None:
        return Heard(message)
    await change.record(case.hear(message.number, by, now))
    return Heard(message, None if case.status is Status.COMPLETED else case)


async def told(session: AsyncSession, message: Message) -> Heard:
    """What came of a message that was stored before, as far as the history tells."""
    heard = Heard(message, is_new=False)
    case = await escalations.newest_case_of(session, message.conversation_id)
    if case is None or case.id is None:
        return heard
    for fact in await timeline.of_case(session, case.id):
        match fact.kind:
            case TimelineKind.ESCALATED if fact.data.get("message") == message.number:
                number = fact.data.get("reply", 0)
                reply = await conversations.message(session, message.conversation_id, number)
                return Heard(message, case, reply.text if reply else None, is_new=False)
            case TimelineKind.MESSAGE_ADDED if fact.data.get("number") == message.number:
                return Heard(message, case, is_new=False)
            case TimelineKind.COMPLETED:
                # What comes after joined nothing.
                break
            case _:
                pass
    return heard


async def held(change: Change, conversation_id: int) -> Conversation:
    """The conversation, for nobody else to write in until the transaction ends."""
    conversation = await conversations.lock(change.session, conversation_id)
    if conversation is None:
        raise NoSuchConversation
    return conversation


def as_utterances(said: Sequence[Message], settled_up_to: int = 0) -> list[Utterance]:
    """The messages as judges and summarizers read them."""
    return [
        Utterance(message.number, message.speaker, message.text, message.number <= settled_up_to)
        for message in said
    ]
