"""The clock on the wall jumps by an hour, forward and back, while people work.

It is the clock of the desk's own processes: PostgreSQL and Redis keep theirs, and are not asked for it.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.vocabulary import TimelineKind
from escalation_app.services.desk import Desk
from escalation_app.workers import timers
from tests.clients.caller import Caller
from tests.clients.plain_tab import PlainTab, signed_in
from tests.clients.waiting import until
from tests.servers.movable_clock import MovableClock
from tests.servers.ports import free_port
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.servers.webhook_answers import Fault
from tests.servers.webhook_receiver import WebhookReceiver

AN_HOUR = timedelta(hours=1)
PER_MINUTE = 240
# Within it every process has looked for overdue cases, and more than one heartbeat was due.
A_LOOK = timers.EVERY_SECONDS + 1


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as running:
        yield running


@pytest.fixture(scope="module")
def wall_clock(tmp_path_factory: pytest.TempPathFactory) -> MovableClock:
    return MovableClock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(
    scope="module",
    params=["one process on SQLite", pytest.param("two on servers", marks=pytest.mark.long)],
)
def program(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    wall_clock: MovableClock,
    receiver: WebhookReceiver,
) -> Iterator[Program]:
    directory, port = tmp_path_factory.mktemp("jumping"), free_port()
    surroundings = wall_clock.surroundings | receiver.environment
    surroundings |= {
        "ESCALATION_API_REQUESTS_PER_MINUTE": str(PER_MINUTE),
        "ESCALATION_SECRET_KEY": "a key that all processes have",
    }
    if request.param == "one process on SQLite":
        running = Program(directory, port, port, surroundings=surroundings)
        yield from _while_it_runs(running)
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres")
        redis: RedisServer = request.getfixturevalue("redis_server")
        running = Program(
            directory,
            port,
            port,
            postgres.new_database(),
            redis.url,
            surroundings=surroundings | {"ESCALATION_WORKERS": "2"},
        )
        yield from _while_it_runs(running)


def _while_it_runs(program: Program) -> Iterator[Program]:
    program.start()
    yield program
    program.stop()


async def test_through_all_jumps_each_case_is_overdue_once_and_each_tab_signed_in_live_and_true(
    program: Program, wall_clock: MovableClock
) -> None:
    cookie = await signed_in(program.address, "maria")
    tabs = [PlainTab(program.address, cookie) for _ in range(4)]
    async with (
        Caller(program.address, "agent") as agent,
        Caller(program.address, "maria") as maria,
        AsyncExitStack() as open_tabs,
    ):
        for tab in tabs:
            await open_tabs.enter_async_context(tab)
        waiting = (await agent.escalates(urgency="critical"))["id"]
        hers = (await agent.escalates(urgency="critical"))["id"]
        await maria.claims(hers)
        for by in (AN_HOUR, -AN_HOUR, AN_HOUR, -AN_HOUR):
            wall_clock.jump(by)
            case_id = (await agent.escalates())["id"]
            await asyncio.gather(*(until(partial(shows, tab, case_id)) for tab in tabs))
            assert (await look(program, cookie)).status_code == 200
            await asyncio.sleep(A_LOOK)
            assert [tab.indicator for tab in tabs] == ["Connected"] * len(tabs)
        assert not any(tab.is_signed_out for tab in tabs)
        overdue = told_overdue(program)
        assert overdue[waiting, "Pending"] == 1
        assert overdue[hers, "InProgress"] == 1
        assert set(overdue.values()) == {1}
    # It ends with an error if anything is not as the desk wrote it.
    program.command("verify-audit")


async def test_a_program_that_asks_all_the_time_is_not_shut_out_after_a_jump_back(
    program: Program, wall_clock: MovableClock
) -> None:
    async with Caller(program.address, "omar") as omar:
        wall_clock.jump(AN_HOUR)
        before = [await omar.ask("GET", "escalations/0") for _ in range(PER_MINUTE - 20)]
        wall_clock.jump(-AN_HOUR)
        after = [await omar.ask("GET", "escalations/0") for _ in range(60)]
    assert {answer.status_code for answer in before + after} == {404}


async def test_what_a_killed_process_was_delivering_does_not_wait_for_the_hour_to_come_again(
    program: Program, wall_clock: MovableClock, receiver: WebhookReceiver
) -> None:
    async with Caller(program.address, "lina") as lina, Caller(program.address, "agent") as agent:
        wall_clock.jump(AN_HOUR)
        receiver.answers("/hook", fault=Fault.HANG, times=1)
        await switches_on(lina, receiver.url("/hook"))
        await agent.escalates()
        # After a jump other cases are overdue, which is told as well.
        first, *_ = await asyncio.to_thread(receiver.wait_for, 1, "/hook")
        for _ in program.workers:
            program.kill_a_worker()
        wall_clock.jump(-AN_HOUR)

        def comes_again() -> bool:
            told = [one.headers["webhook-id"] for one in receiver.requests]
            return told.count(first.headers["webhook-id"]) >= 2

        # The next process has to start first.
        await until(comes_again, within=60)


async def switches_on(lina: Caller, url: str) -> None:
    kept = await lina.get("settings")
    draft = kept["draft"] | {"webhook": {"enabled": True, "url": url}}
    saved = await lina.ask("PUT", "settings", {"revision": kept["revision"], "draft": draft})
    assert saved.is_success, saved.text
    published = await lina.post("settings/publish", {"revision": saved.json()["revision"]})
    assert published.is_success, published.text


async def look(program: Program, cookie: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(f"{program.address}/queue/published/", headers={"Cookie": cookie})


def shows(tab: PlainTab, case_id: int) -> bool:
    return any(row["id"] == case_id for row in tab.rows)


def told_overdue(program: Program) -> Counter[tuple[int, str]]:
    """How often it was told of each case, in each status, that it is past its target."""

    async def count(desk: Desk) -> Counter[tuple[int, str]]:
        query = select(TimelineEntry).where(col(TimelineEntry.kind) == TimelineKind.OVERDUE)
        async with desk.database.reading() as session:
            entries = (await session.execute(query)).scalars()
            return Counter((one.escalation_id, one.data["status"]) for one in entries)

    return program.from_outside(count)
