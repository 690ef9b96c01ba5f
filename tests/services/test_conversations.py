"""What is said is stored first, judged by its queue's settings, and joined to its case."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from escalation_app.db import conversations as queries
from escalation_app.db import escalations as case_queries
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.conversation import Message
from escalation_app.domain.detection import Detection, Detector, JudgeFailed, TriggerCondition
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.refusals import InvalidInput, NoSuchConversation, NotPermitted
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.services import conversations, settings
from escalation_app.services.desk import Desk
from tests.cast import Cast

ANGRY = TriggerCondition(
    "Angry customer", "User is angry and asks for a refund", Urgency.HIGH, "Refund", "Payment"
)
SAID = "This is ridiculous, you idiots! I want my money back NOW!!!"
REPLY = "A colleague is taking over."


async def configure(desk: Desk, cast: Cast, *, publish: bool, **changes: object) -> None:
    now = await settings.read(desk, cast.lina)
    bundle: Configuration = replace(
        now.draft,
        enabled=True,
        conditions=(ANGRY,),
        response=REPLY,
        topics=("Billing", "Refund", "Booking"),
        areas=("Payment", "Order"),
    )
    bundle = replace(bundle, **changes)  # type: ignore[arg-type]
    revision = await settings.save(desk, cast.lina, now.revision, bundle)
    if publish:
        await settings.publish(desk, cast.lina, revision)


async def started(desk: Desk, cast: Cast, queue: Queue = Queue.PREVIEW) -> int:
    made = await conversations.start(desk, cast.lina, queue, uuid4().hex, {"name": "Dana"})
    assert made.id is not None
    return made.id


async def messages_of(desk: Desk, conversation_id: int) -> Sequence[Message]:
    async with desk.database.reading() as session:
        return await queries.messages(session, conversation_id)


async def case_of(desk: Desk, conversation_id: int) -> Escalation | None:
    async with desk.database.reading() as session:
        return await case_queries.open_case_of(session, conversation_id)


async def test_an_angry_customer_becomes_a_case_and_is_told_so(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    conversation_id = await started(desk, cast)
    heard = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
    assert heard.escalation is not None
    assert heard.escalation.trigger == "Angry customer"
    assert heard.escalation.detector is Detector.OFFLINE
    assert heard.reply == REPLY
    assert [said.text for said in await messages_of(desk, conversation_id)] == [SAID, REPLY]


async def test_a_calm_customer_does_not(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    conversation_id = await started(desk, cast)
    said = "Good morning, what are your opening hours?"
    heard = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, said)
    assert heard.escalation is None
    assert heard.reply is None
    assert heard.judgement is not None


async def test_preview_runs_on_the_draft_and_published_on_what_was_published(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    for queue, expected in ((Queue.PREVIEW, True), (Queue.PUBLISHED, False)):
        conversation_id = await started(desk, cast, queue)
        heard = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
        assert (heard.escalation is not None) is expected


async def test_an_open_case_is_not_opened_again_but_hears_what_comes(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    conversation_id = await started(desk, cast)
    first = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
    again = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
    assert first.escalation is not None
    assert again.escalation is not None
    assert again.escalation.id == first.escalation.id
    assert again.judgement is None
    assert again.reply is None


async def test_of_many_angry_messages_at_once_one_opens_the_case(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    conversation_id = await started(desk, cast)
    heard = await asyncio.gather(
        *(
            conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
            for _ in range(8)
        )
    )
    assert len({one.escalation.id for one in heard if one.escalation}) == 1
    assert [one.reply for one in heard].count(REPLY) == 1
    numbers = [said.number for said in await messages_of(desk, conversation_id)]
    assert numbers == list(range(1, 10))


async def test_switched_off_nothing_is_judged(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    now = await settings.read(desk, cast.lina)
    await settings.save(desk, cast.lina, now.revision, replace(now.draft, enabled=False))
    conversation_id = await started(desk, cast)
    heard = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
    assert heard.escalation is None
    assert heard.judgement is None


class _Model:
    """A model that was told what to answer; it sees that the message is stored before it is asked."""

    def __init__(self, desk: Desk, answer: Detection | Exception | None) -> None:
        self._desk = desk
        self._answer = answer
        self.stored: list[int] = []

    async def judge(self, conversation, conditions, topics, areas):
        async with self._desk.database.reading() as session:
            self.stored.append(len(await queries.messages(session, 1)))
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


async def test_the_message_is_stored_before_the_model_is_asked(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    conversation_id = await started(desk, cast)
    found = Detection("Angry customer", Urgency.CRITICAL, "Booking", "Order", "Why.", Detector.AI)
    desk.model = model = _Model(desk, found)  # type: ignore[assignment]
    heard = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, "Hello")
    assert model.stored == [1]
    assert heard.escalation is not None
    assert heard.escalation.detector is Detector.AI
    assert (heard.escalation.topic, heard.escalation.area) == ("Booking", "Order")


async def test_when_the_model_fails_the_desk_judges_itself_and_says_why(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    conversation_id = await started(desk, cast)
    desk.model = _Model(desk, JudgeFailed("The model is busy."))  # type: ignore[assignment]
    heard = await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, SAID)
    assert heard.judgement is not None
    assert heard.judgement.detector is Detector.OFFLINE
    assert heard.judgement.model_failure == "The model is busy."
    assert heard.escalation is not None


async def test_who_may_not_converse_and_what_cannot_be_kept_is_refused(
    desk: Desk, cast: Cast
) -> None:
    conversation_id = await started(desk, cast)
    with pytest.raises(NotPermitted):
        await conversations.hear(desk, cast.maria, conversation_id, Speaker.USER, "Hello")
    with pytest.raises(NoSuchConversation):
        await conversations.hear(desk, cast.lina, 99, Speaker.USER, "Hello")
    for text in ("a\x00b", "\ud800", "x" * 100_001):
        with pytest.raises(InvalidInput):
            await conversations.hear(desk, cast.lina, conversation_id, Speaker.USER, text)
    assert await messages_of(desk, conversation_id) == []
