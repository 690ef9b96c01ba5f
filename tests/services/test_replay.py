"""Before publishing, the draft is tried on what was really said."""

import pytest

from escalation_app.domain.refusals import InvalidInput, NotPermitted
from escalation_app.domain.vocabulary import Queue, Speaker
from escalation_app.services import conversations
from escalation_app.services.desk import Desk
from escalation_app.services.replay import Effect, Progress, replay
from tests.cast import Cast
from tests.services.test_conversations import ANGRY, SAID, case_of, configure, started

CALM = "Good morning, what are your opening hours?"


async def replayed(desk: Desk, cast: Cast, last: int = 10) -> list[Progress]:
    return [progress async for progress in replay(desk, cast.lina, last)]


async def test_what_would_now_escalate_and_what_no_longer_is_told(desk: Desk, cast: Cast) -> None:
    for said in (CALM, SAID):
        number = await started(desk, cast, Queue.PUBLISHED)
        await conversations.add_message(desk, cast.lina, number, Speaker.USER, said)
    await configure(desk, cast, publish=False)
    effects = [progress.replayed.effect for progress in await replayed(desk, cast)]
    assert effects == [Effect.NOW, Effect.NEITHER]
    await configure(desk, cast, publish=True, language="de")
    effects = [progress.replayed.effect for progress in await replayed(desk, cast)]
    assert effects == [Effect.SAME, Effect.NEITHER]
    assert await case_of(desk, number) is None


async def test_progress_counts_to_the_number_asked_for(desk: Desk, cast: Cast) -> None:
    for _ in range(3):
        await started(desk, cast)
    await configure(desk, cast, publish=False)
    assert [(one.done, one.total) for one in await replayed(desk, cast, 2)] == [(1, 2), (2, 2)]


async def test_the_verdict_names_the_message_that_would_have_fired(desk: Desk, cast: Cast) -> None:
    number = await started(desk, cast)
    for said in (CALM, SAID, CALM):
        await conversations.add_message(desk, cast.lina, number, Speaker.USER, said)
    await configure(desk, cast, publish=False)
    verdict = (await replayed(desk, cast))[0].replayed.draft
    assert verdict is not None
    assert verdict.number == 2
    assert verdict.detection.trigger == ANGRY.label


@pytest.mark.parametrize("last", [0, -1, 501])
async def test_a_number_out_of_range_is_refused_in_words(desk: Desk, cast: Cast, last: int) -> None:
    with pytest.raises(InvalidInput, match="1 to 500"):
        await replayed(desk, cast, last)


async def test_who_may_not_configure_may_not_replay(desk: Desk, cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        await anext(replay(desk, cast.maria, 1))
