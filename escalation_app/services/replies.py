"""What the AI agent answers in a test conversation."""

import logging

from escalation_app.db import conversations, escalations
from escalation_app.domain.conversation import Message
from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.vocabulary import Speaker
from escalation_app.offline import agent
from escalation_app.services.conversations import add_message, as_utterances
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)


async def reply(desk: Desk, by: Viewer, conversation_id: int) -> Message | None:
    """Let the agent answer. Once people have the conversation, it is silent: None.

    Raises:
        NotPermitted, NoSuchConversation
    """
    by.must(Permission.CONVERSE)
    async with desk.database.reading() as session:
        if await escalations.open_case_of(session, conversation_id) is not None:
            return None
        said = as_utterances(await conversations.messages(session, conversation_id))
    try:
        text = await desk.model.reply(said) if desk.model else agent.reply(said)
    except ModelFailed as failure:
        log.warning("the agent keeps to its script: %s", failure)
        text = agent.reply(said)
    return (await add_message(desk, by, conversation_id, Speaker.AGENT, text)).message
