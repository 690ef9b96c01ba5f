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
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.servers.two_workers import running_two_workers

__all__ = ["browser", "line", "program", "program_and_line", "running_receiver", "sign_in"]


@pytest.fixture(scope="session")
def two_workers(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, redis_server: RedisServer
) -> Iterator[Program]:
    directory = tmp_path_factory.mktemp("two-workers")
    with running_two_workers(directory, postgres, redis_server) as running:
        yield running


@pytest.fixture
def sign_in_there(two_workers: Program, browser: Browser) -> Iterator[SignIn]:
    with signing_in(two_workers, browser) as sign_in:
        yield sign_in
