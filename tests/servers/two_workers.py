"""The real program as two processes behind one port, on PostgreSQL and Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.ports import free_port
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer


@contextmanager
def running_two_workers(
    directory: Path, postgres: PostgresServer, redis: RedisServer, **surroundings: str
) -> Iterator[Program]:
    """On a new database, until the block ends."""
    port = free_port()
    running = Program(
        directory,
        port,
        port,
        postgres.new_database(),
        redis.url,
        surroundings={"ESCALATION_WORKERS": "2"} | surroundings,
    )
    try:
        running.start()
        yield running
    finally:
        running.stop()
