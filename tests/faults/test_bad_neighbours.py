"""Receivers and models that hang, drip and lie, all at once: the queue does not notice."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, pairwise
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from escalation_app.db import timeline
from escalation_app.domain.delivery import Delivery, DeliveryStatus
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.webhook_event import event_type
from escalation_app.services.desk import Desk
from tests.clients.caller import Caller
from tests.clients.plain_tab import SCREEN, Delta, PlainTab, signed_in
from tests.clients.waiting import until
from tests.servers.fake_openai import FakeOpenAI
from tests.servers.ports import free_port
from tests.servers.program import Program
from tests.servers.webhook_answers import Fault
from tests.servers.webhook_receiver import WebhookReceiver

RECEIVERS = [Fault.HANG, Fault.DRIP, Fault.TEN_GIGABYTES, Fault.GARBAGE, Fault.RESET, Fault.CUT]
MODELS = ["hang", "drip", "10mb", "garbage", "obeys", "hang-midway", "500"]
# A push may take so long on a machine that does much else at the same time.
PUSH_SECONDS = 2.0
# A tab that hears nothing for so long calls itself disconnected.
SILENCE_SECONDS = 5.0


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as running:
        yield running


@pytest.fixture(scope="module")
def program(
    tmp_path_factory: pytest.TempPathFactory,
    receiver: WebhookReceiver,
    fake_openai_process: FakeOpenAI,
) -> Iterator[Program]:
    port = free_port()
    running = Program(
        tmp_path_factory.mktemp("bad-neighbours"),
        port,
        port,
        model_url=fake_openai_process.base_url,
        surroundings=receiver.environment,
    )
    running.start()
    yield running
    running.stop()


@dataclass(frozen=True)
class People:
    maria: Caller
    lina: Caller
    agent: Caller


@pytest.fixture
async def people(program: Program) -> AsyncIterator[People]:
    async with AsyncExitStack() as open_lines:
        lines = [Caller(program.address, name) for name in ("maria", "lina", "agent")]
        yield People(*[await open_lines.enter_async_context(line) for line in lines])


@dataclass
class Watch:
    """What a tab sees, and when: each case's row as claimed, and each heartbeat."""

    claimed_at: dict[int, float] = field(default_factory=dict)
    beats: list[float] = field(default_factory=list)

    def note(self, _tab: PlainTab, delta: Delta) -> None:
        now = time.monotonic()
        if f"{SCREEN}beat_state" in delta:
            self.beats.append(now)
        for row in delta.get(f"{SCREEN}rows_state", {}).values():
            if isinstance(row, dict) and row.get("status") == "InProgress":
                self.claimed_at.setdefault(row["id"], now)

    def longest_silence(self, since: float) -> float:
        times = [since, *(at for at in self.beats if at > since), time.monotonic()]
        return max(later - sooner for sooner, later in pairwise(times))


async def claims(people: People, watch: Watch, count: int) -> list[float]:
    """Maria claims so many new cases; how long until the tab showed each."""
    took = []
    for _ in range(count):
        case_id = (await people.agent.escalates())["id"]
        began = time.monotonic()
        await people.maria.claims(case_id)
        await until(partial(watch.claimed_at.__contains__, case_id), within=30)
        took.append(watch.claimed_at[case_id] - began)
    return took


async def switch_on(lina: Caller, receiver: WebhookReceiver) -> None:
    """Both queues' webhooks, each to a receiver that goes wrong in every way in turn."""
    kept = await lina.get("settings")
    revision, draft = kept["revision"], kept["draft"] | {"enabled": True}
    for queue in ("published", "preview"):
        path = f"/{queue}-{uuid4().hex}"
        receiver.answers(path, fault=Fault.HANG)
        for fault in RECEIVERS * 3:
            receiver.answers(path, fault=fault, times=1)
        draft["webhook"] = {"enabled": True, "url": receiver.url(path)}
        saved = await lina.ask("PUT", "settings", {"revision": revision, "draft": draft})
        revision = saved.json()["revision"]
        if queue == "published":
            assert (await lina.post("settings/publish")).is_success


async def asks_the_model(people: People) -> list[httpx.Response]:
    """Somebody talks and is judged, and a case in the other queue is summarized, by the model."""
    start = {"queue": "published", "external_id": uuid4().hex, "profile": {}}
    talk = (await people.agent.post("conversations", start)).json()["id"]
    case_id = (await people.agent.escalates(queue="preview"))["id"]
    said = {"role": "user", "text": "This is unacceptable, I am furious!"}
    return await asyncio.gather(
        people.agent.post(f"conversations/{talk}/messages", said),
        people.lina.post(f"escalations/{case_id}/summary"),
    )


class Trouble:
    """All receivers and models at their worst, each model in turn asked and never waited for."""

    def __init__(self, people: People, model: FakeOpenAI) -> None:
        self._people, self._model, self._faults = people, model, cycle(MODELS)
        self.asked: list[asyncio.Task[list[httpx.Response]]] = []

    async def grows(self) -> None:
        await asyncio.to_thread(self._model.suffer, next(self._faults))
        self.asked.append(asyncio.create_task(asks_the_model(self._people)))
        # Now it has been asked, before it goes wrong in the next way.
        await asyncio.to_thread(self._has_been_asked)

    def _has_been_asked(self) -> None:
        until = time.monotonic() + 10
        while not self._model.requests() and time.monotonic() < until:
            time.sleep(0.05)


@pytest.fixture
async def trouble(
    people: People, receiver: WebhookReceiver, fake_openai_process: FakeOpenAI
) -> AsyncIterator[Trouble]:
    receiver.forget()
    made = Trouble(people, fake_openai_process)
    yield made
    for task in made.asked:
        task.cancel()
    await asyncio.gather(*made.asked, return_exceptions=True)


@pytest.mark.parametrize("rounds", [5, pytest.param(30, marks=pytest.mark.long)])
async def test_claims_are_as_quick_and_tabs_as_live_while_every_receiver_and_model_goes_wrong(
    program: Program, people: People, receiver: WebhookReceiver, trouble: Trouble, rounds: int
) -> None:
    watch = Watch()
    cookie = await signed_in(program.address, "maria")
    async with PlainTab(program.address, cookie, on_update=watch.note) as tab:
        quiet = await claims(people, watch, 10)
        await switch_on(people.lina, receiver)
        began, took = time.monotonic(), list[float]()
        for _ in range(rounds):
            await trouble.grows()
            took += await claims(people, watch, 3)
            assert tab.indicator == "Connected"
        # On a machine that does much else, even a quiet desk is slower than that.
        assert max(took) < max(PUSH_SECONDS, 3 * max(quiet))
        assert watch.longest_silence(since=began) < SILENCE_SECONDS
        assert tab.connections == 1
    assert len(receiver.requests) >= len(RECEIVERS)


@pytest.mark.long
async def test_whoever_asked_is_answered_and_no_fact_is_lost_to_a_bad_receiver(
    program: Program, people: People, receiver: WebhookReceiver, trouble: Trouble
) -> None:
    await switch_on(people.lina, receiver)
    first, began = program.from_outside(head), datetime.now(UTC)
    for _ in MODELS:
        await trouble.grows()
    case_id = (await people.agent.escalates())["id"]
    await people.maria.claims(case_id)
    for answers in await asyncio.gather(*trouble.asked):
        judged, summarized = answers
        assert judged.status_code == 201, judged.text
        assert summarized.status_code == 200, summarized.text
    facts, told = program.from_outside(partial(told_since, first))
    assert told.keys() == facts
    assert {one.status for one in told.values()} <= set(DeliveryStatus)
    # Also of what was told before: what is new may still wait behind receivers that hang.
    failed = program.from_outside(partial(tried_in_vain, began))
    assert failed
    assert all(one.reason.endswith(".") for one in failed)


async def tried_in_vain(since: datetime, desk: Desk) -> list[Delivery]:
    tried = select(Delivery).where(
        col(Delivery.attempted_at) > since, col(Delivery.status) != DeliveryStatus.DELIVERED
    )
    async with desk.database.reading() as session:
        return list((await session.execute(tried)).scalars())


async def head(desk: Desk) -> int:
    async with desk.database.reading() as session:
        return await timeline.head(session)


async def told_since(first: int, desk: Desk) -> tuple[set[int], dict[int, Delivery]]:
    """The facts since then that receivers are told of, and what became of each."""
    async with desk.database.reading() as session:
        facts = (
            await session.execute(select(TimelineEntry).where(col(TimelineEntry.id) > first))
        ).scalars()
        numbers = {one.id for one in facts if one.id and event_type(one.kind) is not None}
        found = await session.execute(select(Delivery).where(col(Delivery.entry_id).in_(numbers)))
        return numbers, {one.entry_id: one for one in found.scalars() if one.entry_id}
