import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from escalation_app.api.wire import Escalation as WireEscalation
from escalation_app.db import webhooks as webhook_queries
from escalation_app.db.engine import Database
from escalation_app.domain.configuration_refusals import InvalidConfiguration
from escalation_app.domain.delivery import LEASE, Delivery, DeliveryStatus
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.domain.escalation import Escalation as Case
from escalation_app.domain.refusals import AlreadyClaimed, NotPermitted, WebhookIsOff
from escalation_app.domain.retries import SCHEDULE
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_event import BODY_LIMIT_BYTES
from escalation_app.services import (
    cases,
    deliveries,
    escalations,
    settings,
    webhooks,
)
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of
from tests.services.webhooks import (
    Clock,
    Receiver,
    answered,
    deliver,
    elsewhere,
    switched_on,
    without,
)


async def log_of(desk: Desk) -> list[Delivery]:
    """Oldest first."""
    async with desk.database.reading() as session:
        query = select(Delivery).order_by(col(Delivery.id))
        return list((await session.execute(query)).scalars())


def told(receiver: Receiver) -> list[str]:
    return [json.loads(sent.body)["type"] for sent in receiver.heard]


async def test_a_helpdesk_follows_a_case_from_its_creation_to_its_completion(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    number = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, number)
    await escalations.release(desk, cast.maria, number, "My shift ends.")
    await escalations.claim(desk, cast.omar, number)
    await escalations.complete(desk, cast.omar, number, "Charged twice.", "Refunded.")
    assert await deliver(desk, receiver) == 5
    assert told(receiver) == [
        "escalation.created",
        "escalation.claimed",
        "escalation.released",
        "escalation.claimed",
        "escalation.completed",
    ]
    bodies = [json.loads(sent.body) for sent in receiver.heard]
    assert [body["data"]["actor"] for body in bodies] == ["Agent", "Maria", "Maria", "Omar", "Omar"]
    assert {body["data"]["queue"] for body in bodies} == {"published"}
    versions = [body["data"]["escalation"]["version"] for body in bodies]
    assert versions == [1, 2, 3, 4, 5]
    assert [one.status for one in await log_of(desk)] == [DeliveryStatus.DELIVERED] * 5


async def test_a_webhook_and_the_api_tell_a_case_in_the_same_words(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    number = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.omar, number)
    await escalations.complete(desk, cast.omar, number, "Charged twice.", "Refunded.", "Call back.")
    await deliver(desk, receiver)
    file = await cases.case_file(desk, cast.omar, number)
    by_api = json.loads(WireEscalation.of(file.escalation).model_dump_json())
    assert json.loads(receiver.heard[-1].body)["data"]["escalation"] == by_api


async def test_what_only_people_read_is_not_delivered(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    number = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, number)
    with pytest.raises(AlreadyClaimed):
        await escalations.claim(desk, cast.omar, number)
    await deliver(desk, receiver)
    assert told(receiver) == ["escalation.created", "escalation.claimed"]


async def test_each_queue_has_an_endpoint_of_its_own(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast, queue=Queue.PREVIEW)
    await a_case(desk, cast, queue=Queue.PUBLISHED)
    await a_case(desk, cast, queue=Queue.PREVIEW)
    assert await deliver(desk, receiver, Queue.PUBLISHED) == 0
    assert await deliver(desk, receiver, Queue.PREVIEW) == 1
    assert json.loads(receiver.heard[0].body)["data"]["queue"] == "preview"


async def test_a_change_that_was_rolled_back_is_not_delivered(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    number = id_of(await a_case(desk, cast))
    await deliver(desk, receiver)

    async def claim_while_the_power_fails() -> None:
        async with desk.changing() as change:
            case = await change.session.get_one(Case, number)
            await change.record(case.claim(cast.maria, desk.clock()))
            raise RuntimeError("no power")

    with pytest.raises(RuntimeError, match="no power"):
        await claim_while_the_power_fails()
    assert await deliver(desk, receiver) == 0


@pytest.mark.parametrize("text", ["x", "ж", "😀", "x\x01", '"', "\\", "x\u2028"])
async def test_the_body_stays_thin_whatever_a_case_says(
    desk: Desk, cast: Cast, receiver: Receiver, text: str
) -> None:
    await switched_on(desk, cast)
    number = id_of(await a_case(desk, cast, reason=text * 50_000))
    await escalations.claim(desk, cast.maria, number)
    await escalations.complete(desk, cast.maria, number, text * 2_000 + ".", text * 2_000 + ".")
    await deliver(desk, receiver)
    for sent in receiver.heard:
        assert len(sent.body) < BODY_LIMIT_BYTES
        assert json.loads(sent.body)["data"]["escalation"]["reason"].endswith("…")


async def test_the_schedule_is_kept_with_the_same_id_each_time_and_ends_after_ten_attempts(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver.answer = answered(500)
    for wait in SCHEDULE:
        clock.turn(wait * 0.8 - timedelta(seconds=0.1))
        early = await deliver(desk, receiver) if wait else 0
        assert early == 0
        clock.turn(wait * 0.4 + timedelta(seconds=0.2))
        assert await deliver(desk, receiver) == 1
    assert len(receiver.heard) == 10
    assert len({sent.headers["webhook-id"] for sent in receiver.heard}) == 1
    assert len({sent.headers["webhook-timestamp"] for sent in receiver.heard}) == 10
    [delivery] = await log_of(desk)
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.FAILED, 10)
    assert delivery.reason == "The receiver answered 500."
    clock.turn(timedelta(days=30))
    assert await deliver(desk, receiver) == 0


async def test_a_receiver_that_asks_for_patience_gets_it_for_everything_that_goes_there(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver.answer = answered(429, retry_after=timedelta(minutes=10))
    await deliver(desk, receiver)
    await a_case(desk, cast)
    receiver.answer = answered(204)
    clock.turn(timedelta(minutes=9, seconds=59))
    assert await deliver(desk, receiver) == 0
    clock.turn(timedelta(seconds=1))
    assert await deliver(desk, receiver) == 2


async def test_410_switches_the_endpoint_off_and_the_history_says_so(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver.answer = answered(410)
    await deliver(desk, receiver)
    await a_case(desk, cast)
    assert await deliver(desk, receiver) == 0
    gone, held_back = await log_of(desk)
    assert gone.status is held_back.status is DeliveryStatus.WAITING
    assert gone.reason == "The receiver answered 410."
    async with desk.database.reading() as session:
        rows = (await webhooks.log(session)).newest
    assert [row.is_paused for row in rows] == [True, True]
    [newest, *_] = await settings.history(desk, cast.lina)
    assert (newest.actor, newest.deed.value) == ("The desk", "webhook_off")
    with pytest.raises(WebhookIsOff, match="410 Gone"):
        await webhooks.send_test(desk, cast.lina, Queue.PUBLISHED)


async def test_an_endpoint_that_has_only_failed_for_five_days_is_switched_off(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    receiver.answer = answered(500)
    for _ in range(5):
        await a_case(desk, cast)
        await deliver(desk, receiver)
        clock.turn(timedelta(days=1) - timedelta(seconds=1))
    await a_case(desk, cast)
    async with desk.database.reading() as session:
        assert (await webhook_queries.endpoint(session, Queue.PUBLISHED)).is_on
    clock.turn(timedelta(minutes=1))
    await deliver(desk, receiver)
    async with desk.database.reading() as session:
        endpoint = await webhook_queries.endpoint(session, Queue.PUBLISHED)
    assert endpoint.switched_off_because == "for 5 days no delivery has succeeded"


async def test_one_success_among_failures_keeps_the_endpoint_on(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    for day in range(12):
        await a_case(desk, cast)
        receiver.answer = answered(204 if day % 4 == 3 else 500)
        await deliver(desk, receiver)
        clock.turn(timedelta(days=1))
    async with desk.database.reading() as session:
        assert (await webhook_queries.endpoint(session, Queue.PUBLISHED)).is_on


async def test_what_an_endpoint_missed_while_it_was_off_goes_out_when_it_is_switched_on_again(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver.answer = answered(410)
    await deliver(desk, receiver)
    await a_case(desk, cast)
    with pytest.raises(WebhookIsOff):
        await webhooks.resend_failed(desk, cast.lina, Queue.PUBLISHED)
    clock.turn(timedelta(minutes=1))
    await webhooks.switch_on(desk, cast.lina, Queue.PUBLISHED)
    receiver.answer = answered(204)
    assert await deliver(desk, receiver) == 2
    ids = [sent.headers["webhook-id"] for sent in receiver.heard]
    assert ids[0] in ids[1:]
    assert len(set(ids)) == 2


async def given_up(desk: Desk, cast: Cast, receiver: Receiver, clock: Clock) -> Delivery:
    """One that has been through its whole schedule."""
    await a_case(desk, cast)
    receiver.answer = answered(500)
    for wait in SCHEDULE:
        clock.turn(wait * 1.21)
        await deliver(desk, receiver)
    [delivery] = await log_of(desk)
    assert delivery.status is DeliveryStatus.FAILED
    return delivery


async def test_what_was_given_up_is_sent_again_as_the_same_message(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    delivery = await given_up(desk, cast, receiver, clock)
    receiver.answer = answered(204)
    assert await webhooks.resend_failed(desk, cast.lina, Queue.PUBLISHED) == 1
    [again] = await log_of(desk)
    assert (again.attempts, again.reason) == (0, "")
    assert await deliver(desk, receiver) == 1
    assert {sent.headers["webhook-id"] for sent in receiver.heard} == {delivery.message_id}
    assert await webhooks.resend_failed(desk, cast.lina, Queue.PUBLISHED) == 0


async def test_sending_again_what_still_waits_changes_nothing(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    receiver.answer = answered(500)
    await deliver(desk, receiver)
    [before] = await log_of(desk)
    assert before.id is not None
    await webhooks.resend(desk, cast.lina, before.id)
    [after] = await log_of(desk)
    assert (after.attempts, after.next_attempt_at) == (1, before.next_attempt_at)


async def test_a_success_on_its_way_does_not_cut_short_the_patience_that_was_asked_for(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    await switched_on(desk, cast)
    for _ in range(3):
        await a_case(desk, cast)
    busy, slow = await deliveries.lease(desk, Queue.PUBLISHED, 2)
    await deliveries.settle(desk, busy, answered(503, retry_after=timedelta(hours=1)))
    await deliveries.settle(desk, slow, answered(204))
    clock.turn(timedelta(minutes=59))
    assert await deliveries.lease(desk, Queue.PUBLISHED, 8) == []
    clock.turn(timedelta(minutes=1))
    assert len(await deliveries.lease(desk, Queue.PUBLISHED, 8)) == 2


async def test_two_failures_far_apart_and_what_fails_within_the_desk_switch_nothing_off(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    await given_up(desk, cast, receiver, clock)
    async with desk.changing() as change:
        endpoint = await webhook_queries.lock_endpoint(change.session, Queue.PUBLISHED)
        endpoint.failures = 1
    clock.turn(timedelta(days=40))
    await a_case(desk, cast)
    receiver.answer = Outcome(None, "Nothing was sent.", "", 0, is_receivers=False)
    for _ in range(9):
        await deliver(desk, receiver)
        clock.turn(timedelta(days=2))
    async with desk.database.reading() as session:
        assert (await webhook_queries.endpoint(session, Queue.PUBLISHED)).is_on


async def test_old_deliveries_are_forgotten_and_new_ones_kept(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    await deliver(desk, receiver)
    clock.turn(deliveries.KEPT_FOR + timedelta(seconds=1))
    await a_case(desk, cast)
    await deliveries.forget_old(desk)
    [kept] = await log_of(desk)
    assert kept.created_at == clock.now


async def test_restoring_a_version_judges_its_receiver_anew(desk: Desk, cast: Cast) -> None:
    await switched_on(desk, cast)
    now = await settings.read(desk, cast.lina)
    revision = await settings.save(desk, cast.lina, now.revision, without(now.draft))

    class NoneIsReachable:
        async def problem_with(self, url: str) -> str:
            return "The webhook's URL leads to 10.0.0.5."

    desk.receivers = NoneIsReachable()
    with pytest.raises(InvalidConfiguration, match=r"leads to 10\.0\.0\.5"):
        await settings.restore(desk, cast.lina, now.version, revision)


async def test_another_address_begins_without_the_former_ones_failures(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast, queue=Queue.PREVIEW)
    await a_case(desk, cast, queue=Queue.PREVIEW)
    receiver.answer = answered(410)
    await deliver(desk, receiver, Queue.PREVIEW)
    await settings.save(
        desk,
        cast.lina,
        (await settings.read(desk, cast.lina)).revision,
        elsewhere((await settings.read(desk, cast.lina)).draft),
    )
    receiver.answer = answered(204)
    await webhooks.send_test(desk, cast.lina, Queue.PREVIEW)
    assert await deliver(desk, receiver, Queue.PREVIEW) >= 1
    assert receiver.heard[-1].url == "https://elsewhere.example.com/"


async def test_switched_off_in_the_settings_nothing_more_goes_out_and_what_waits_can_be_seen(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast, queue=Queue.PREVIEW)
    await a_case(desk, cast, queue=Queue.PREVIEW)
    now = await settings.read(desk, cast.lina)
    await settings.save(desk, cast.lina, now.revision, without(now.draft))
    await a_case(desk, cast, queue=Queue.PREVIEW)
    assert await deliver(desk, receiver, Queue.PREVIEW) == 0
    [waiting] = await log_of(desk)
    assert waiting.status is DeliveryStatus.WAITING
    # Switched on again, who is told from now on is not told of then.
    now = await settings.read(desk, cast.lina)
    await settings.save(desk, cast.lina, now.revision, elsewhere(now.draft))
    assert await deliver(desk, receiver, Queue.PREVIEW) == 0
    [given_up] = await log_of(desk)
    assert (given_up.status, given_up.reason) == (DeliveryStatus.FAILED, webhooks.SWITCHED_OFF)


async def test_what_one_process_holds_no_other_takes_until_it_has_died(
    desk: Desk, cast: Cast, database_url: str, clock: Clock
) -> None:
    await switched_on(desk, cast)
    await a_case(desk, cast)
    other = Desk(Database(database_url), clock=clock, vault=desk.vault, sealer=desk.sealer)
    [held] = await deliveries.lease(desk, Queue.PUBLISHED, 8)
    assert await deliveries.lease(other, Queue.PUBLISHED, 8) == []
    clock.turn(LEASE)
    [taken_over] = await deliveries.lease(other, Queue.PUBLISHED, 8)
    assert taken_over.message_id == held.message_id
    # The first was not dead after all: what it says comes too late and changes nothing.
    await deliveries.settle(desk, held, answered(500))
    await deliveries.settle(other, taken_over, answered(204))
    [delivery] = await log_of(desk)
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.DELIVERED, 1)
    await other.database.close()


async def test_a_test_event_goes_to_the_queue_it_was_asked_for(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    with pytest.raises(WebhookIsOff, match="Switch it on and publish first"):
        await webhooks.send_test(desk, cast.lina, Queue.PUBLISHED)
    await switched_on(desk, cast)
    await webhooks.send_test(desk, cast.lina, Queue.PUBLISHED)
    await deliver(desk, receiver)
    body = json.loads(receiver.heard[0].body)
    assert body["type"] == "webhook.test"
    assert body["data"] == {"escalation": None, "queue": "published", "actor": "Lina"}


@pytest.mark.parametrize("name", ["maria", "omar", "agent"])
async def test_only_who_configures_sends_tests_or_sends_again(
    desk: Desk, cast: Cast, name: str
) -> None:
    person = getattr(cast, name)
    for attempt in (
        webhooks.send_test(desk, person, Queue.PUBLISHED),
        webhooks.resend(desk, person, 1),
        webhooks.resend_failed(desk, person, Queue.PUBLISHED),
        webhooks.switch_on(desk, person, Queue.PUBLISHED),
    ):
        with pytest.raises(NotPermitted):
            await attempt
