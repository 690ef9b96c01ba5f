"""What a program calls one conversation is one conversation, with one open case at most."""

import asyncio

from escalation_app.db import conversations as queries
from escalation_app.domain.refusals import AlreadyEscalated
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.services import conversations, escalations, intake
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation, NewMessage
from tests.cast import Cast, id_of
from tests.services.test_conversations import SAID, case_of, configure, messages_of


async def begun(desk: Desk, cast: Cast, queue: Queue = Queue.PUBLISHED, **profile: str) -> int:
    made = await conversations.start(desk, cast.agent, queue, "chat-1", profile)
    assert made.id is not None
    return made.id


def a_call(*said: str, external_id: str = "chat-1") -> NewEscalation:
    return NewEscalation(
        queue=Queue.PUBLISHED,
        urgency=Urgency.HIGH,
        topic="Refund",
        area="Payment",
        reason="Charged twice.",
        trigger="Angry customer",
        external_id=external_id,
        messages=tuple(NewMessage(Speaker.USER, text) for text in said),
    )


async def test_begun_twice_it_is_the_same_conversation(desk: Desk, cast: Cast) -> None:
    first = await begun(desk, cast, name="Dana")
    assert await begun(desk, cast) == first
    assert await begun(desk, cast, Queue.PREVIEW) != first


async def test_begun_by_many_at_once_it_is_one_conversation(desk: Desk, cast: Cast) -> None:
    assert len(set(await asyncio.gather(*(begun(desk, cast) for _ in range(8))))) == 1


async def test_escalating_goes_on_from_what_was_said_already(desk: Desk, cast: Cast) -> None:
    number = await begun(desk, cast, name="Dana")
    await conversations.add_message(desk, cast.agent, number, Speaker.USER, "Hello")
    case = await intake.escalate(desk, cast.agent, a_call("Hello", "I was charged twice!"))
    assert case.conversation_id == number
    assert case.profile == {"name": "Dana"}
    said = [message.text for message in await messages_of(desk, number)]
    assert said == ["Hello", "I was charged twice!"]


async def test_a_message_after_escalating_joins_its_case(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=True)
    number = await begun(desk, cast)
    case = await intake.escalate(desk, cast.agent, a_call("I was charged twice!"))
    heard = await conversations.hear(desk, cast.agent, number, Speaker.USER, SAID)
    assert heard.escalation is not None
    assert heard.escalation.id == case.id


async def test_escalated_again_after_completion_it_is_the_next_case_of_the_conversation(
    desk: Desk, cast: Cast
) -> None:
    first = await intake.escalate(desk, cast.agent, a_call("One"))
    await escalations.claim(desk, cast.maria, id_of(first))
    await escalations.complete(desk, cast.maria, id_of(first), "a", "b")
    second = await intake.escalate(desk, cast.agent, a_call("One", "Two"))
    assert second.id != first.id
    assert second.conversation_id == first.conversation_id
    said = [message.text for message in await messages_of(desk, first.conversation_id)]
    assert said == ["One", "Two"]


async def test_escalated_and_said_at_once_there_is_one_open_case(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=True)
    number = await begun(desk, cast)
    answers = await asyncio.gather(
        *(
            each
            for _ in range(4)
            for each in (
                conversations.hear(desk, cast.agent, number, Speaker.USER, SAID),
                intake.escalate(desk, cast.agent, a_call("Twice!")),
            )
        ),
        return_exceptions=True,
    )
    case = await case_of(desk, number)
    assert case is not None
    for answer in answers:
        if isinstance(answer, AlreadyEscalated):
            assert answer.escalation_id == case.id
        else:
            assert not isinstance(answer, BaseException), answer
            told = answer.escalation if isinstance(answer, conversations.Heard) else answer
            assert told is not None
            assert told.id == case.id


async def test_two_conversations_of_one_name_from_before_share_one_open_case(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=True)
    first = await begun(desk, cast)
    second = await conversations.start(desk, cast.agent, Queue.PUBLISHED, "other", {})
    async with desk.changing() as change:
        held = await queries.lock(change.session, second.id or 0)
        assert held is not None
        held.external_id = "chat-1"
    cases = [
        (await conversations.hear(desk, cast.agent, number, Speaker.USER, SAID)).escalation
        for number in (first, second.id or 0)
    ]
    assert len({case.id for case in cases if case}) == 1
    assert None not in cases
