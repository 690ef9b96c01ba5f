"""PostgreSQL is stopped at once and started again while 32 programs claim over the HTTP API.

Each is told yes, no, or to look again; no case has two owners or is half done; and the desk's
processes go on by themselves.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from escalation_app.db.engine import Database
from escalation_app.domain.people import COMMAND_LINE
from escalation_app.integrations.sealer import HmacSealer
from escalation_app.services import api_keys
from escalation_app.services.desk import Desk
from tests.browser.events import viewer
from tests.faults.api_way import Api
from tests.faults.case_register import Verb
from tests.faults.claim_history import Answer, Call, Outcome, Recorder, read
from tests.faults.contest import TROUBLE, Contender
from tests.faults.contested_cases import contenders, contradictions, figures, met, waiting
from tests.servers.ports import free_port
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.services.attacker import found

CLIENTS = 32
OF_EACH = 4
AWAY_SECONDS = 2.0
# Each process finds its connections dead and makes new ones, without anybody's help.
RECOVERED_SECONDS = 15
A_WHILE_SECONDS = 120
SECRET_KEY = "a key of the tests that all the processes have"
log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """One that nobody else works with, so that it can be stopped."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def program(
    tmp_path_factory: pytest.TempPathFactory,
    own_postgres: PostgresServer,
    redis_server: RedisServer,
) -> Iterator[Program]:
    port = free_port()
    running = Program(
        tmp_path_factory.mktemp("restarts"),
        port,
        port,
        own_postgres.new_database(),
        redis_server.url,
        surroundings={
            "ESCALATION_WORKERS": "2",
            "ESCALATION_SECRET_KEY": SECRET_KEY,
            "ESCALATION_API_REQUESTS_PER_MINUTE": "100000",
        },
    )
    running.start()
    yield running
    running.stop()


class Clients:
    """32 programs at work, each with its person's key, until they are told to stop."""

    def __init__(self, program: Program, history: Path, names: Sequence[str], cases: Sequence[int]):
        self.wrong: list[str] = []
        self.recorder = Recorder(history)
        self._history = history
        self._address = f"{program.address}/api/v1"
        self._names = names
        self._cases = cycle(case for case in cases for _ in range(OF_EACH))
        self._is_over = False
        self._wins = asyncio.Semaphore(0)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=CLIENTS)
        async with (
            httpx.AsyncClient(base_url=self._address, timeout=30, limits=limits) as client,
            asyncio.TaskGroup() as group,
        ):
            for name in self._names:
                way = Api(client, key_of(name), self._hear, self.wrong)
                one = Contender(name.capitalize(), way, self.recorder, random.Random(name))
                group.create_task(one.contest_all(self._next))
            try:
                yield
            finally:
                self._is_over = True

    @property
    def calls(self) -> list[Call]:
        return read([self._history])

    async def have_won(self, more: int, within: float = A_WHILE_SECONDS) -> None:
        """Wait until so many more claims were won. Raises TimeoutError."""
        self._wins = asyncio.Semaphore(0)
        async with asyncio.timeout(within):
            for _ in range(more):
                await self._wins.acquire()

    def _hear(self, verb: Verb, answer: Answer) -> None:
        if verb is Verb.CLAIM and answer.outcome is Outcome.DONE:
            self._wins.release()

    def _next(self) -> int | None:
        return None if self._is_over else next(self._cases)


def key_of(username: str) -> str:
    return f"key-of-{username}"


@asynccontextmanager
async def desk_of(program: Program) -> AsyncIterator[Desk]:
    database = Database(program.database_url)
    yield Desk(database, sealer=HmacSealer(SECRET_KEY))
    await database.close()


async def claimed_through(
    program: Program, postgres: PostgresServer, directory: Path, stops: int
) -> None:
    async with desk_of(program) as desk:
        cases = await waiting(desk, await viewer(desk, "agent"), 200 * (stops + 1))
        names = await contenders(desk, CLIENTS)
        for name in names:
            await api_keys.create(desk, COMMAND_LINE, name, "test", secret=key_of(name))
    clients, workers = Clients(program, directory / "history", names, cases), program.workers
    async with clients.working():
        await clients.have_won(CLIENTS)
        for _ in range(stops):
            await asyncio.to_thread(postgres.stop)
            await asyncio.sleep(AWAY_SECONDS)
            await asyncio.to_thread(postgres.resume)
            await clients.have_won(1, within=RECOVERED_SECONDS)
            await clients.have_won(CLIENTS)
    log.info(figures(clients.calls))
    assert clients.wrong == []
    assert program.workers == workers
    async with desk_of(program) as desk:
        assert await contradictions(desk, cases, clients.calls) == []
        assert await found(desk) == []
    assert any(call.answer.outcome in TROUBLE for call in clients.calls)
    assert len(met(clients.calls)) > len(clients.calls) / 100


async def test_stopped_once_everybody_is_told_yes_or_no_or_to_look_again(
    program: Program, own_postgres: PostgresServer, tmp_path: Path
) -> None:
    await claimed_through(program, own_postgres, tmp_path, stops=1)


@pytest.mark.long
async def test_stopped_ten_times_everybody_is_told_yes_or_no_or_to_look_again(
    program: Program, own_postgres: PostgresServer, tmp_path: Path
) -> None:
    await claimed_through(program, own_postgres, tmp_path, stops=10)
