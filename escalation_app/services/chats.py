"""A test conversation as the one who tests sees it."""

from dataclasses import dataclass, field

from escalation_app.db import configurations, conversations, escalations
from escalation_app.domain.conversation import Conversation, Message
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchConversation
from escalation_app.domain.snapshots import MessageRow, ProfileField
from escalation_app.domain.vocabulary import Queue
from escalation_app.services.cases import message_row, profile_fields
from escalation_app.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Chat:
    """`case_id` is its newest case, 0 for none; `is_open` says that people have it now.

    `quiet` says in words why no message of this queue can open a case, "" when one can.
    """

    id: int
    queue: Queue
    external_id: str
    case_id: int
    is_open: bool
    quiet: str
    profile: list[ProfileField] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)


async def chat(desk: Desk, by: Viewer, conversation_id: int) -> Chat:
    """Raises NotPermitted, NoSuchConversation."""
    by.must(Permission.CONVERSE)
    async with desk.database.reading() as session:
        found = await session.get(Conversation, conversation_id)
        if found is None:
            raise NoSuchConversation
        scope = by.scope_in(found.queue)
        said = await conversations.messages(session, conversation_id)
        open_case = await escalations.open_case_of(session, conversation_id)
        configuration = await configurations.of_queue(session, found.queue)
        return Chat(
            id=conversation_id,
            queue=found.queue,
            external_id=found.external_id,
            case_id=await escalations.newest_of(session, scope, found.queue, conversation_id),
            is_open=open_case is not None,
            quiet=configuration.why_quiet(found.queue),
            profile=profile_fields(found.profile),
            messages=[message_row(message) for message in said],
        )


async def why_quiet(desk: Desk, by: Viewer, queue: Queue) -> str:
    """Why nothing said on this queue can open a case, "" when it can. Raises NotPermitted."""
    by.must(Permission.CONVERSE)
    async with desk.database.reading() as session:
        return (await configurations.of_queue(session, queue)).why_quiet(queue)


async def message(desk: Desk, by: Viewer, conversation_id: int, number: int) -> Message:
    """A stored message. Raises NotPermitted, NoSuchConversation."""
    by.must(Permission.CONVERSE)
    async with desk.database.reading() as session:
        found = await conversations.message(session, conversation_id, number)
    if found is None:
        raise NoSuchConversation
    return found
