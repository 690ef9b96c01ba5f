"""What is said: stored first, then joined to the open case."""

from escalation_app.db import conversations, escalations
from escalation_app.domain.conversation import Message
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchConversation
from escalation_app.domain.text import storable
from escalation_app.domain.vocabulary import Speaker
from escalation_app.services.desk import Desk


async def add_message(
    desk: Desk, by: Viewer, conversation_id: int, speaker: Speaker, text: str
) -> Message:
    """Add a message; an open case of the conversation hears of it.

    Raises:
        NotPermitted, NoSuchConversation, InvalidInput
    """
    by.must(Permission.CONVERSE)
    text = storable(text, "text")
    now = desk.clock()
    async with desk.changing() as change:
        conversation = await conversations.lock(change.session, conversation_id)
        if conversation is None:
            raise NoSuchConversation
        message = conversation.add(speaker, text, now)
        change.session.add(message)
        case = await escalations.open_case_of(change.session, conversation_id)
        if case is not None:
            await change.record(case.hear(message.number, by, now))
    return message
