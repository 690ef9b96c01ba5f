"""The real program in two processes, on a PostgreSQL and a Redis that may be ill-treated."""

from collections.abc import Iterator

import pytest

from tests.servers.fake_openai import FakeOpenAI
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.servers.two_workers import of_two_workers
from tests.servers.webhook_receiver import WebhookReceiver


@pytest.fixture(scope="session")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as running:
        yield running


@pytest.fixture(scope="session")
def program_of_two_workers(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: PostgresServer,
    redis_server: RedisServer,
    fake_openai_process: FakeOpenAI,
    receiver: WebhookReceiver,
) -> Iterator[Program]:
    running = of_two_workers(
        tmp_path_factory.mktemp("two-workers"),
        postgres,
        redis_server,
        fake_openai_process.base_url,
        ESCALATION_SECRET_KEY="a key that both workers know",
        ESCALATION_API_REQUESTS_PER_MINUTE="100000",
        **receiver.environment,
    )
    yield running
    running.stop()


@pytest.fixture
def two_workers(program_of_two_workers: Program) -> Program:
    """It runs, also after a test that stopped it; its servers run again after each test."""
    if not program_of_two_workers.is_running:
        program_of_two_workers.start()
    return program_of_two_workers
