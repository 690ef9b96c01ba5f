"""What the browser tests have, and the program as two processes on PostgreSQL and Redis."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import (
    SignIn,
    browser,
    line,
    program,
    program_and_line,
    running_receiver,
    sign_in,
    signing_in,
)
from tests.servers.ports import free_port
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer

__all__ = ["browser", "line", "program", "program_and_line", "running_receiver", "sign_in"]


@pytest.fixture(scope="session")
def two_workers(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, redis_server: RedisServer
) -> Iterator[Program]:
    port = free_port()
    running = Program(
        tmp_path_factory.mktemp("two-workers"),
        port,
        port,
        postgres.new_database(),
        redis_server.url,
        surroundings={"ESCALATION_WORKERS": "2"},
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def sign_in_there(two_workers: Program, browser: Browser) -> Iterator[SignIn]:
    with signing_in(two_workers, browser) as sign_in:
        yield sign_in
