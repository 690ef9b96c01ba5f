"""Conversations over HTTP: begun, and continued message by message, which may open a case."""

from fastapi import APIRouter, Response

from escalation_app.api import wire
from escalation_app.api.documentation import problems
from escalation_app.api.once import Once
from escalation_app.api.received import NewConversation, SaidMessage
from escalation_app.api.route import By, ConversationNumber, DeskRoute, TheDesk, permits
from escalation_app.domain.people import Permission
from escalation_app.services import conversations

router = APIRouter(prefix="/conversations", tags=["Conversations"], route_class=DeskRoute)


@router.post("", status_code=201, summary="Begin a conversation", responses=problems(body=True))
@permits(Permission.INTEGRATE)
async def begin(new: NewConversation, desk: TheDesk, by: By) -> wire.Conversation:
    """For agents, and for builders who try a draft.

    One that the queue knows by this `external_id` already is answered as it stands, with its
    messages and cases; a profile that is sent takes the place of what it had.
    """
    stored = await conversations.start(desk, by, new.queue, new.external_id, new.profile)
    return wire.Conversation.of(stored)


@router.post(
    "/{conversation_id}/messages",
    status_code=201,
    summary="Add a message",
    responses={
        200: {"model": wire.Heard, "description": "The message that this key stored before"},
        **problems(404, 409, body=True),
    },
)
@permits(Permission.INTEGRATE)
async def say(
    number: ConversationNumber,
    said: SaidMessage,
    response: Response,
    desk: TheDesk,
    by: By,
    once: Once = None,
) -> wire.Heard:
    """Store a message. One of the end user's is judged against the queue's trigger conditions.

    `escalation` is the open case that the message triggered or belongs to. `reply` is the
    configured response to pass on to the end user, when this message triggered the case; it is
    part of the conversation already.

    It is judged with up to 200 messages before it; of a long one, the beginning and the end are
    read. What was said before a case of the conversation was completed opens no other.

    409 when the `Idempotency-Key` was used with another body or conversation. 503 with the type
    `not-judged-yet` when the message is stored but could not be judged: send it again with its key.
    """
    heard = await conversations.hear(desk, by, number, said.role, said.text, once or "")
    response.status_code = 201 if heard.is_new else 200
    return wire.Heard(
        message=wire.Message.of(heard.message),
        escalation=wire.Escalation.of(heard.escalation) if heard.escalation else None,
        reply=heard.reply,
    )
