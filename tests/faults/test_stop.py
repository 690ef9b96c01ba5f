"""SIGTERM: what is under way ends, or is left whole for the next start."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import col, select

from escalation_app.db.engine import Database
from escalation_app.domain.delivery import Delivery, DeliveryStatus
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.summary import Summary
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import Status, TimelineKind
from tests.faults.crowd import crowd
from tests.faults.shift import AS_ADMIN, Shift
from tests.faults.webhooks import HOOK, tells_of_cases
from tests.servers.fake_openai import FakeOpenAI
from tests.servers.program import Program
from tests.servers.webhook_answers import Fault
from tests.servers.webhook_receiver import WebhookReceiver

TABS = 100
CLAIMS = 10
# Longer than a lease whose holder has died, and a start.
TOLD_SECONDS = 90


@pytest.fixture
def model(fake_openai_process: FakeOpenAI) -> Iterator[FakeOpenAI]:
    yield fake_openai_process
    fake_openai_process.suffer("fine")


@pytest.fixture
def quiet_receiver(receiver: WebhookReceiver) -> Iterator[WebhookReceiver]:
    receiver.forget()
    yield receiver
    receiver.forget()


async def asks(program: Program, path: str) -> int:
    """The status of the answer; 0 when there was none."""
    try:
        async with httpx.AsyncClient(headers=AS_ADMIN, timeout=30) as client:
            return (await client.post(f"{program.address}/api/v1{path}")).status_code
    except httpx.TransportError:
        return 0


def ids_at(receiver: WebhookReceiver) -> set[str]:
    """The facts that it was told of."""
    return {one.headers["webhook-id"] for one in receiver.requests_at(HOOK)}


async def stopped_at_work(
    program: Program, receiver: WebhookReceiver, model: FakeOpenAI
) -> tuple[list[int], list[int], float]:
    """Claims, a summary and a delivery are under way when it is told to end.

    Returns the cases, what was answered to their claims, and how long the end took.
    """
    receiver.answers(HOOK, fault=Fault.HANG)
    await tells_of_cases(program, receiver.url(HOOK))
    model.suffer("hang")
    async with Shift(program.address) as shift, crowd(program.address, TABS, shift.path):
        # Only now: what fails twice before the end waits for minutes.
        case_ids = [await shift.a_case_comes() for _ in range(CLAIMS)]
        await asyncio.to_thread(receiver.wait_for, 1, HOOK)
        summary = asyncio.create_task(asks(program, f"/escalations/{case_ids[0]}/summary"))
        await asyncio.sleep(0.5)
        claims = [
            asyncio.create_task(asks(program, f"/escalations/{case_id}/claim"))
            for case_id in case_ids
        ]
        await asyncio.sleep(0.05)
        began = time.monotonic()
        assert await asyncio.to_thread(program.end, 10) == 0
        took = time.monotonic() - began
        answers = await asyncio.gather(*claims)
        await summary
    return case_ids, answers, took


async def test_sigterm_ends_a_desk_at_work_within_ten_seconds_and_leaves_nothing_half_done(
    two_workers: Program, quiet_receiver: WebhookReceiver, model: FakeOpenAI
) -> None:
    case_ids, answers, _ = await stopped_at_work(two_workers, quiet_receiver, model)
    database = Database(two_workers.database_url)
    async with database.reading() as session:
        kinds = Counter(
            (await session.execute(select(TimelineEntry.escalation_id, TimelineEntry.kind))).all()
        )
        for case_id, answer in zip(case_ids, answers, strict=True):
            case = await session.get_one(Escalation, case_id)
            claims = kinds[case_id, TimelineKind.CLAIMED]
            assert claims == (case.status is Status.IN_PROGRESS)
            # Who was told yes has it; who was told nothing may look and ask again.
            assert answer in (200, 0, 503)
            assert claims or answer != 200
        summaries = select(Summary).where(col(Summary.escalation_id) == case_ids[0])
        made = (await session.execute(summaries)).all()
        assert len(made) == kinds[case_ids[0], TimelineKind.SUMMARIZED]
        of_these = select(Delivery.status).where(col(Delivery.escalation_id).in_(case_ids))
        assert set((await session.execute(of_these)).scalars()) == {DeliveryStatus.WAITING}
    await database.close()


@pytest.mark.long
async def test_the_next_start_tells_what_the_last_could_not(
    two_workers: Program, quiet_receiver: WebhookReceiver, model: FakeOpenAI
) -> None:
    case_ids, answers, _ = await stopped_at_work(two_workers, quiet_receiver, model)
    heard = ids_at(quiet_receiver)
    assert heard
    quiet_receiver.forget()
    model.suffer("fine")
    await asyncio.to_thread(two_workers.start)
    told = CLAIMS + answers.count(200)
    again = await asyncio.to_thread(quiet_receiver.wait_for, told, HOOK, TOLD_SECONDS)
    # Among them may be facts of claims that nobody was answered.
    while not heard <= {one.headers["webhook-id"] for one in again}:
        again = await asyncio.to_thread(quiet_receiver.wait_for, len(again) + 1, HOOK, TOLD_SECONDS)
    assert await asks(two_workers, f"/escalations/{case_ids[0]}/summary") == 200
    await tells_of_cases(two_workers, "")
