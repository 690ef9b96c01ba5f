"""Conversations over HTTP: begun, and continued message by message, which may open a case."""

from fastapi import APIRouter

from escalation_app.api import wire
from escalation_app.api.documentation import problems
from escalation_app.api.received import NewConversation, SaidMessage
from escalation_app.api.route import By, ConversationNumber, DeskRoute, TheDesk, permits
from escalation_app.domain.people import Permission
from escalation_app.services import conversations

router = APIRouter(prefix="/conversations", tags=["Conversations"], route_class=DeskRoute)


@router.post("", status_code=201, summary="Begin a conversation", responses=problems(body=True))
@permits(Permission.INTEGRATE)
async def begin(new: NewConversation, desk: TheDesk, by: By) -> wire.Conversation:
    """A conversation without messages yet. For agents, and for builders who try a draft."""
    stored = await conversations.start(desk, by, new.queue, new.external_id, new.profile)
    return wire.Conversation.of(stored)


@router.post(
    "/{conversation_id}/messages",
    status_code=201,
    summary="Add a message",
    responses=problems(404, body=True),
)
@permits(Permission.INTEGRATE)
async def say(number: ConversationNumber, said: SaidMessage, desk: TheDesk, by: By) -> wire.Heard:
    """Store a message. One of the end user's is judged against the queue's trigger conditions.

    `escalation` is the open case that the message triggered or belongs to. `reply` is the
    configured response to pass on to the end user, when this message triggered the case; it is
    part of the conversation already.
    """
    heard = await conversations.hear(desk, by, number, said.role, said.text)
    return wire.Heard(
        message=wire.Message.of(heard.message),
        escalation=wire.Escalation.of(heard.escalation) if heard.escalation else None,
        reply=heard.reply,
    )
