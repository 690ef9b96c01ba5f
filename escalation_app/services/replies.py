"""What the AI agent answers in a test conversation."""

import logging

from escalation_app.db import conversations, escalations
from escalation_app.domain.conversation import Message
from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.people import Permission, Viewer
from escalation_app.offline import agent
from escalation_app.services.desk import Desk
from escalation_app.services.messages import MOST_READ, add_reply, as_utterances

log = logging.getLogger(__name__)


async def reply(desk: Desk, by: Viewer, conversation_id: int) -> Message | None:
    """Let the agent answer. Once people have the conversation, it is silent: None.

    So it is when they took over while it thought.

    Raises:
        NotPermitted, NoSuchConversation
    """
    by.must(Permission.CONVERSE)
    async with desk.database.reading() as session:
        if await escalations.open_case_of(session, conversation_id) is not None:
            return None
        newest = await conversations.newest_messages(session, conversation_id, MOST_READ)
    said = as_utterances(newest)
    try:
        text = await desk.model.reply(said) if desk.model else agent.reply(said)
    except ModelFailed as failure:
        log.warning("the agent keeps to its script: %s", failure)
        text = agent.reply(said)
    return await add_reply(desk, by, conversation_id, text)
