"""A message is judged as it stood when it was said, by the settings that hold when a case opens."""

import asyncio
from dataclasses import replace
from typing import Any

from escalation_app.db import conversations as queries
from escalation_app.domain.conversation import Message
from escalation_app.domain.detection import Detection, Detector, TriggerCondition
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.services import conversations, escalations, replies, settings
from escalation_app.services.conversations import Heard
from escalation_app.services.desk import Desk
from tests.cast import Cast, id_of
from tests.services.test_conversations import ANGRY, SAID, case_of, configure, started

HUMAN = TriggerCondition("Human", "User asks to talk to a human", Urgency.HIGH, "Refund", "Payment")


async def user_says(desk: Desk, cast: Cast, number: int, text: str) -> Heard:
    return await conversations.hear(desk, cast.lina, number, Speaker.USER, text)


async def stored(
    desk: Desk, cast: Cast, number: int, text: str, speaker: Speaker = Speaker.USER
) -> Heard:
    return await conversations.add_message(desk, cast.lina, number, speaker, text)


async def test_what_came_after_a_message_does_not_decide_on_it(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    angry = await stored(desk, cast, number, SAID)
    await stored(desk, cast, number, "Thank you, I will look.", Speaker.AGENT)
    await stored(desk, cast, number, "I'm not angry at all, and I don't want a refund any more.")
    judged = await conversations.judge_latest(desk, cast.lina, angry)
    assert judged.escalation is not None


async def completed(desk: Desk, cast: Cast, case_id: int) -> None:
    await escalations.claim(desk, cast.maria, case_id)
    await escalations.complete(desk, cast.maria, case_id, "Charged twice.", "Paid back.")


async def test_what_a_completed_case_was_about_opens_no_other(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False, conditions=(ANGRY, HUMAN))
    number = await started(desk, cast)
    for text in ("Hello", "Let me talk to a human!", SAID):
        heard = await user_says(desk, cast, number, text)
    assert heard.escalation is not None
    await completed(desk, cast, id_of(heard.escalation))
    for text in ("Ok, thanks. Bye.", "Halo? Ada orang?"):
        assert (await user_says(desk, cast, number, text)).escalation is None


async def test_anger_after_completion_opens_a_case_that_quotes_only_it(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    first = await user_says(desk, cast, number, SAID)
    assert first.escalation is not None
    await completed(desk, cast, id_of(first.escalation))
    again = await user_says(desk, cast, number, SAID.replace("ridiculous", "a joke"))
    assert again.escalation is not None
    assert again.escalation.id != first.escalation.id
    assert "message 1" not in again.escalation.reason


class ModelThatListens:
    """Meets a condition, after something happened while it thought."""

    def __init__(self, meanwhile: Any = None) -> None:
        self._meanwhile = meanwhile
        self.heard: list[list[tuple[int, bool]]] = []

    async def judge(self, said: Any, *_: Any) -> Detection:
        self.heard.append([(one.number, one.settled) for one in said])
        if self._meanwhile:
            await self._meanwhile()
        return Detection(ANGRY.label, Urgency.HIGH, "Refund", "Payment", "Why.", Detector.AI)


async def test_the_model_is_told_what_is_settled(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    first = await user_says(desk, cast, number, SAID)
    assert first.escalation is not None
    await completed(desk, cast, id_of(first.escalation))
    desk.model = model = ModelThatListens()  # type: ignore[assignment]
    await user_says(desk, cast, number, "Hello again")
    assert model.heard == [[(1, True), (2, True), (3, False)]]


async def test_switched_off_while_the_judge_thinks_opens_no_case(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)

    async def switch_off() -> None:
        now = await settings.read(desk, cast.lina)
        await settings.save(desk, cast.lina, now.revision, replace(now.draft, enabled=False))

    desk.model = ModelThatListens(switch_off)  # type: ignore[assignment]
    assert (await user_says(desk, cast, number, "Hello")).escalation is None
    assert await case_of(desk, number) is None


async def test_a_condition_deleted_while_the_judge_thinks_opens_no_case(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)

    async def delete() -> None:
        now = await settings.read(desk, cast.lina)
        await settings.save(desk, cast.lina, now.revision, replace(now.draft, conditions=(HUMAN,)))

    desk.model = ModelThatListens(delete)  # type: ignore[assignment]
    assert (await user_says(desk, cast, number, "Hello")).escalation is None


async def test_a_long_conversation_is_judged_by_its_newest_messages(desk: Desk, cast: Cast) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    async with desk.changing() as change:
        change.session.add_all(
            Message(
                conversation_id=number,
                number=one,
                speaker=Speaker.USER,
                text="Hm.",
                sent_at=desk.clock(),
            )
            for one in range(1, 301)
        )
        held = await queries.lock(change.session, number)
        assert held is not None
        held.message_count = 300
    desk.model = model = ModelThatListens()  # type: ignore[assignment]
    await user_says(desk, cast, number, "Hello")
    assert [at for at, _ in model.heard[0]] == list(range(102, 302))


class ModelThatBreaks:
    async def judge(self, *_: Any) -> None:
        raise OverflowError("I want my money back")


async def test_a_model_that_breaks_in_an_unknown_way_is_stepped_in_for(
    desk: Desk, cast: Cast, caplog: Any
) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    desk.model = ModelThatBreaks()  # type: ignore[assignment]
    heard = await user_says(desk, cast, number, SAID)
    assert heard.escalation is not None
    assert heard.judgement is not None
    assert "OverflowError" in heard.judgement.model_failure
    assert "OverflowError" in caplog.text
    assert "money back" not in caplog.text


class AgentThatThinks:
    def __init__(self) -> None:
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def judge(self, *_: Any) -> Detection:
        return Detection(ANGRY.label, Urgency.HIGH, "Refund", "Payment", "Why.", Detector.AI)

    async def reply(self, _said: Any) -> str:
        self.asked.set()
        await self.may_answer.wait()
        return "How can I help?"


async def test_the_agent_is_silent_when_people_took_over_while_it_thought(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast, Queue.PREVIEW)
    await stored(desk, cast, number, "Hello")
    desk.model = model = AgentThatThinks()  # type: ignore[assignment]
    answering = asyncio.create_task(replies.reply(desk, cast.lina, number))
    await model.asked.wait()
    assert (await user_says(desk, cast, number, SAID)).escalation is not None
    model.may_answer.set()
    assert await answering is None
