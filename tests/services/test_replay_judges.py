"""A replay compares settings and nothing else, in small steps that can be stopped."""

from typing import Any

import pytest

from escalation_app.domain.conversation import Message
from escalation_app.domain.detection import Detection, Detector, JudgeFailed
from escalation_app.domain.vocabulary import Speaker, Urgency
from escalation_app.services import conversations, settings
from escalation_app.services.desk import Desk
from escalation_app.services.replay import Effect, replay
from tests.cast import Cast
from tests.services.test_conversations import ANGRY, SAID, configure, started
from tests.services.test_judging import HUMAN

FOUND = Detection(ANGRY.label, Urgency.HIGH, "Refund", "Payment", "Why.", Detector.AI)


class ModelThatTires:
    """Answers so many times, and fails from then on."""

    def __init__(self, answers: int) -> None:
        self.left = answers

    async def judge(self, *_: Any) -> Detection | None:
        self.left -= 1
        if self.left < 0:
            raise JudgeFailed("The model is busy.")
        return None if self.left else FOUND


async def one_apart(desk: Desk, cast: Cast) -> None:
    """Draft and published differ, though not for what is said."""
    await configure(desk, cast, publish=True)
    await configure(desk, cast, publish=False, conditions=(ANGRY, HUMAN))
    number = await started(desk, cast)
    await conversations.add_message(desk, cast.lina, number, Speaker.USER, SAID)


@pytest.mark.parametrize(("answers", "by"), [(1, Detector.OFFLINE), (2, Detector.AI)])
async def test_both_sides_are_judged_by_the_same_detector(
    desk: Desk, cast: Cast, answers: int, by: Detector
) -> None:
    await one_apart(desk, cast)
    desk.model = ModelThatTires(answers)  # type: ignore[assignment]
    (progress,) = [one async for one in replay(desk, cast.lina, 1)]
    assert progress.replayed.detector is by
    sides = [progress.replayed.published, progress.replayed.draft]
    assert {side.detection.detector for side in sides if side} == {by}
    if by is Detector.OFFLINE:
        assert progress.replayed.effect is Effect.SAME


async def test_before_each_judgement_it_asks_whether_to_go_on(desk: Desk, cast: Cast) -> None:
    await one_apart(desk, cast)
    number = await started(desk, cast)
    for text in ("Hello", "What are your opening hours?", "And on Sunday?"):
        await conversations.add_message(desk, cast.lina, number, Speaker.USER, text)
    asked = 0

    async def no_more_than_two() -> None:
        nonlocal asked
        asked += 1
        if asked > 2:
            raise StopAsyncIteration

    with pytest.raises(RuntimeError):
        _ = [one async for one in replay(desk, cast.lina, 2, no_more_than_two)]
    assert asked == 3


async def test_it_says_what_it_ran_on(desk: Desk, cast: Cast) -> None:
    await one_apart(desk, cast)
    (progress,) = [one async for one in replay(desk, cast.lina, 1)]
    now = await settings.read(desk, cast.lina)
    assert (progress.basis.revision, progress.basis.version) == (now.revision, now.version)
    assert progress.basis.mark == now.mark


async def test_of_a_very_long_conversation_the_newest_thousand_messages_are_judged(
    desk: Desk, cast: Cast
) -> None:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    async with desk.changing() as change:
        change.session.add_all(
            Message(
                conversation_id=number,
                number=one,
                speaker=Speaker.USER,
                text=SAID if one == 1 else "Hm.",
                sent_at=desk.clock(),
            )
            for one in range(1, 1_002)
        )
    (progress,) = [one async for one in replay(desk, cast.lina, 1)]
    assert progress.replayed.effect is Effect.NEITHER
