"""The desk's clock was ahead for a while, and is set back: nothing waits for times that were wrong."""

from datetime import timedelta

import pytest

from escalation_app.domain.credentials import ATTEMPTS_PER_NAME_AND_ADDRESS
from escalation_app.domain.delivery import LEASE
from escalation_app.domain.refusals import SignInRefused, TooManyAttempts
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import deliveries, sessions
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case
from tests.services.webhooks import Clock, Receiver, answered, deliver, switched_on

AN_HOUR = timedelta(hours=1)


@pytest.fixture
async def webhook_is_on(desk: Desk, cast: Cast, clock: Clock) -> None:
    await switched_on(desk, cast)


@pytest.mark.usefixtures("webhook_is_on")
async def test_what_a_dead_process_had_leased_is_sent_at_once_and_not_an_hour_later(
    desk: Desk, cast: Cast, clock: Clock, receiver: Receiver
) -> None:
    await a_case(desk, cast)
    assert len(await deliveries.lease(desk, Queue.PUBLISHED, 8)) == 1
    clock.turn(-AN_HOUR)
    assert await deliver(desk, receiver) == 0
    assert await deliveries.set_right(desk) == 1
    assert await deliver(desk, receiver) == 1
    assert await deliveries.set_right(desk) == 0


@pytest.mark.usefixtures("webhook_is_on")
async def test_what_another_process_is_sending_is_left_to_it_though_the_clocks_differ_a_little(
    desk: Desk, cast: Cast, clock: Clock, receiver: Receiver
) -> None:
    await a_case(desk, cast)
    assert len(await deliveries.lease(desk, Queue.PUBLISHED, 8)) == 1
    clock.turn(-timedelta(seconds=30))
    assert await deliveries.set_right(desk) == 0
    assert await deliver(desk, receiver) == 0
    clock.turn(timedelta(seconds=30) + LEASE)
    assert await deliver(desk, receiver) == 1


@pytest.mark.usefixtures("webhook_is_on")
async def test_what_was_to_be_sent_for_the_first_time_is_sent_at_once(
    desk: Desk, cast: Cast, clock: Clock, receiver: Receiver
) -> None:
    await a_case(desk, cast)
    clock.turn(-AN_HOUR)
    assert await deliver(desk, receiver) == 0
    assert await deliveries.set_right(desk) == 1
    assert await deliver(desk, receiver) == 1


@pytest.mark.usefixtures("webhook_is_on")
async def test_what_failed_while_the_clock_was_ahead_is_tried_again_and_its_receiver_is_called(
    desk: Desk, cast: Cast, clock: Clock, receiver: Receiver
) -> None:
    await a_case(desk, cast)
    receiver.answer = answered(429)
    assert await deliver(desk, receiver) == 1
    clock.turn(-AN_HOUR)
    assert await deliveries.set_right(desk) == 1
    clock.turn(timedelta(minutes=1))
    receiver.answer = answered(204)
    assert await deliver(desk, receiver) == 1


@pytest.mark.usefixtures("webhook_is_on")
async def test_a_retry_that_is_only_far_away_stays_where_it_is(
    desk: Desk, cast: Cast, clock: Clock, receiver: Receiver
) -> None:
    await a_case(desk, cast)
    receiver.answer = answered(503, retry_after=timedelta(hours=3))
    assert await deliver(desk, receiver) == 1
    assert await deliveries.set_right(desk) == 0
    clock.turn(timedelta(hours=2))
    assert await deliver(desk, receiver) == 0


async def test_who_was_throttled_is_not_kept_out_for_an_hour_more(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    async def guesses() -> None:
        await sessions.sign_in(desk, "maria", "a guess", "203.0.113.7")

    for _ in range(ATTEMPTS_PER_NAME_AND_ADDRESS):
        with pytest.raises(SignInRefused):
            await guesses()
    with pytest.raises(TooManyAttempts):
        await guesses()
    clock.turn(-AN_HOUR)
    with pytest.raises(SignInRefused):
        await guesses()
