"""Servers of our own and a small cast: maria, omar, lina, the agent, and an outsider."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from escalation_app.db import configurations, escalations  # noqa: F401 - tables and triggers
from escalation_app.db.engine import Database
from escalation_app.domain import credentials, escalation, idempotency, tags  # noqa: F401 - their tables
from escalation_app.integrations.vault import FernetVault
from escalation_app.services.desk import Desk
from tests.cast import SEALER, Cast, gather_cast
from tests.servers.fake_openai import FakeOpenAI
from tests.servers.postgres_server import PostgresServer
from tests.servers.redis_server import RedisServer


def make_tables(database_url: str) -> None:
    async def create() -> None:
        database = Database(database_url)
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await database.close()

    asyncio.run(create())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(str(tmp_path_factory.mktemp("redis")))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def fake_openai_process() -> Iterator[FakeOpenAI]:
    server = FakeOpenAI()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fake_openai(fake_openai_process: FakeOpenAI) -> FakeOpenAI:
    fake_openai_process.suffer("fine")
    return fake_openai_process


@pytest.fixture(scope="session")
def sqlite_blueprint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the desk's tables, for each test to begin with a copy."""
    file = tmp_path_factory.mktemp("blueprint") / "desk.db"
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_blueprint(postgres: PostgresServer) -> str:
    make_tables(postgres.new_database("blueprint"))
    return "blueprint"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the desk's tables, in which nothing has happened yet."""
    if request.param == "sqlite":
        file = tmp_path / "desk.db"
        shutil.copy(request.getfixturevalue("sqlite_blueprint"), file)
        return f"sqlite:///{file}"
    server = request.getfixturevalue("postgres")
    blueprint = request.getfixturevalue("postgres_blueprint")
    return str(server.new_database(copied_from=blueprint))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    return str(request.getfixturevalue("postgres").new_database())


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    yield Desk(database, vault=FernetVault("a key for tests"), sealer=SEALER)
    await database.close()


@pytest.fixture
async def cast(desk: Desk) -> Cast:
    return await gather_cast(desk)
