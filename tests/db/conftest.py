"""A database server that a test may stop."""

from collections.abc import Iterator

import pytest

from tests.servers.postgres_server import PostgresServer


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.remove()
