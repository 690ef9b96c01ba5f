"""The real program as two processes behind one port, on PostgreSQL and Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.ports import free_port
from tests.servers.postgres_server import PostgresServer
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer


def of_two_workers(
    directory: Path,
    postgres: PostgresServer,
    redis: RedisServer,
    model_url: str = "",
    **surroundings: str,
) -> Program:
    """On a new database; not yet started."""
    port = free_port()
    return Program(
        directory,
        port,
        port,
        postgres.new_database(),
        redis.url,
        model_url,
        surroundings={"ESCALATION_WORKERS": "2"} | surroundings,
    )


@contextmanager
def running_two_workers(
    directory: Path, postgres: PostgresServer, redis: RedisServer, **surroundings: str
) -> Iterator[Program]:
    """On a new database, until the block ends."""
    running = of_two_workers(directory, postgres, redis, **surroundings)
    try:
        running.start()
        yield running
    finally:
        running.stop()
