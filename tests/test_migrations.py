"""The migrations make exactly the tables that the code speaks of, on both databases, and lose nothing."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from escalation_app.db import case_lists, configurations
from escalation_app.db import people as people_queries
from escalation_app.db.engine import Database
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, NO_QUEUE, Scopes
from escalation_app.domain.tampering import Tampering
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services import audit, settings
from escalation_app.services.desk import Desk
from escalation_app.services.overdue import tell_overdue
from escalation_app.services.viewers import viewer_of
from tests.cast import OMARS, SEALER
from tests.servers.postgres_server import PostgresServer

PEOPLE = """
INSERT INTO person (id, username, name, role, is_demo, topics, areas, created_at) VALUES
(1, 'maria', 'Maria', 'supervisor', false, NULL, NULL, '2026-11-24 00:00:00'),
(2, 'omar', 'Omar', 'supervisor', false, '["Refund", "Billing"]', '["Payment"]',
    '2026-11-24 00:00:00'),
(3, 'lina', 'Lina', 'builder', false, NULL, NULL, '2026-11-24 00:00:00'),
(4, 'agent', 'Agent', 'agent', false, NULL, NULL, '2026-11-24 00:00:00'),
(5, 'paula', 'Paula', 'supervisor', false, '[]', NULL, '2026-11-24 00:00:00')
"""
KEY = """
INSERT INTO api_key (key_hash, label, person_id, created_at)
VALUES ('hash', 'a key', 2, '2026-11-24 00:00:00')
"""
TAGS = """
INSERT INTO queue_tag (queue, kind, name) VALUES
('preview', 'topic', 'Booking'), ('published', 'topic', 'Booking'),
('published', 'topic', 'refund'), ('published', 'topic', 'a, b'), ('published', 'topic', 'All')
"""
PEOPLE_NOW = """
INSERT INTO person (id, username, name, role, is_demo, created_at) VALUES
(1, 'maria', 'Maria', 'supervisor', false, '2026-11-24 00:00:00')
"""
OLD_CASES = (
    """
    INSERT INTO conversation (id, queue, external_id, profile, message_count, created_at)
    VALUES (1, 'published', 'x', '{}', 1, '2026-11-24 00:00:00')
    """,
    """
    INSERT INTO message (conversation_id, number, speaker, text, sent_at)
    VALUES (1, 1, 'user', 'ВЕРНИТЕ деньги', '2026-11-24 00:00:00')
    """,
    """
    INSERT INTO escalation (id, queue, status, urgency, topic, area, reason, trigger,
        conversation_id, profile, profile_name, version, what_happened, action_taken, follow_up,
        due_at, created_at, updated_at)
    VALUES (1, 'published', 'Pending', 2, 'Refund', 'Payment', 'Charged twice', 'Angry', 1, '{}',
        'Dana', 1, '', '', '', '2026-11-24 00:00:00', '2026-11-24 00:00:00', '2026-11-24 00:00:00')
    """,
)
MORE_OLD_CASES = tuple(
    one.replace("VALUES (1,", "VALUES (2,").replace("'Angry', 1,", "'Angry', 2,")
    for one in OLD_CASES
)
DOCUMENT = "INSERT INTO search_document VALUES (1, 'charged twice' || chr(10) || 'верните деньги')"


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """The migrations make the tables."""
    return empty_database_url


@pytest.fixture
def config(database_url: str) -> Config:
    config = Config(Path(__file__).resolve().parents[1] / "alembic.ini")
    config.set_main_option("database_url", database_url)
    return config


def run(database_url: str, *statements: str) -> list[Any]:
    """Run the statements in one transaction and return the rows of the last."""

    async def execute() -> list[Any]:
        database = Database(database_url)
        try:
            async with database.engine.begin() as connection:
                results = [await connection.execute(text(one)) for one in statements]
                return [tuple(row) for row in results[-1]] if results[-1].returns_rows else []
        finally:
            await database.close()

    return asyncio.run(execute())


def test_migrations_and_models_agree(config: Config) -> None:
    command.upgrade(config, "head")
    # Raises when a table, column, index or constraint of the models is missing, or one too many.
    command.check(config)
    command.downgrade(config, "base")


def test_what_people_could_see_they_still_see(config: Config, database_url: str) -> None:
    command.upgrade(config, "0001")
    run(database_url, PEOPLE, KEY, TAGS)
    command.upgrade(config, "head")

    async def check() -> None:
        desk = Desk(Database(database_url))
        async with desk.database.reading() as session:
            seen = {}
            for name in ("maria", "omar", "lina", "agent", "paula"):
                person = await people_queries.by_username(session, name)
                assert person is not None
                seen[name] = await viewer_of(session, person)
            bundles = await configurations.in_force(session)
        assert seen["maria"].scopes == seen["lina"].scopes == Scopes(EVERYTHING, EVERYTHING)
        assert seen["omar"].scopes == Scopes(OMARS, OMARS)
        assert seen["agent"].scopes == seen["paula"].scopes == NO_QUEUE
        assert bundles[Queue.PREVIEW] == bundles[Queue.PUBLISHED]
        assert bundles[Queue.PREVIEW].topics == ("Billing", "Booking", "Refund")
        assert bundles[Queue.PREVIEW].areas == ("Payment",)
        # What the migration wrote can be saved again as it is.
        revision = (await settings.read(desk, seen["lina"])).revision
        await settings.save(desk, seen["lina"], revision, bundles[Queue.PREVIEW])
        await desk.database.close()

    asyncio.run(check())
    # Nobody's key or session ended with the columns.
    assert run(database_url, "SELECT key_hash FROM api_key") == [("hash",)]
    command.downgrade(config, "0001")
    assert run(database_url, "SELECT key_hash FROM api_key") == [("hash",)]
    command.upgrade(config, "head")
    asyncio.run(check())


@pytest.mark.parametrize("table", ["configuration_version", "configuration_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET revision = 99", "DELETE FROM {}"])
def test_a_migrated_database_refuses_to_change_history(
    config: Config, database_url: str, table: str, statement: str
) -> None:
    command.upgrade(config, "head")
    run(
        database_url,
        "INSERT INTO configuration_entry (deed, revision, actor, at, changes) "
        "VALUES ('saved', 1, 'Lina', '2026-11-24 00:00:00', '[]')",
    )
    with pytest.raises(DBAPIError, match="never changed"):
        run(database_url, statement.format(table))


OLD_TIMELINE = """
INSERT INTO timeline_entry (escalation_id, queue, kind, actor, at, data) VALUES
(1, 'published', 'escalated', 'Agent', '2026-11-24 00:00:00', '{}'),
(2, 'published', 'escalated', 'Agent', '2026-11-24 00:00:00', '{}'),
(1, 'published', 'message_added', 'Agent', '2026-11-24 00:00:00', '{"number": 2}')
"""


@pytest.mark.parametrize(
    "statement", ["UPDATE timeline_entry SET {}", "DELETE FROM timeline_entry"]
)
def test_a_migrated_database_refuses_to_change_the_timeline(
    config: Config, database_url: str, statement: str
) -> None:
    command.upgrade(config, "0007")
    run(database_url, PEOPLE_NOW, *OLD_CASES, *MORE_OLD_CASES, OLD_TIMELINE)
    command.upgrade(config, "head")
    with pytest.raises(DBAPIError, match="never changed"):
        run(database_url, statement.format("actor = 'Omar'"))
    command.downgrade(config, "0007")
    run(database_url, statement.format("actor = 'Omar'"))


def test_a_timeline_from_before_the_seals_goes_on_sealed(
    config: Config, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    command.upgrade(config, "0007")
    run(database_url, PEOPLE_NOW, *OLD_CASES, *MORE_OLD_CASES, OLD_TIMELINE)
    command.upgrade(config, "head")
    assert "up to number 3 have no seal" in caplog.text

    async def work() -> None:
        now = datetime(2999, 1, 2, tzinfo=UTC)
        desk = Desk(Database(database_url), clock=lambda: now, sealer=SEALER)
        assert await tell_overdue(desk) == 2
        found = [one async for one in audit.verify(desk, unsealed_until=3)]
        unsealed = [one.kind async for one in audit.verify(desk)]
        await desk.database.close()
        assert (found, unsealed) == ([], [Tampering.UNSEALED] * 3)

    asyncio.run(work())
    positions = "SELECT escalation_id, position FROM timeline_entry ORDER BY escalation_id, id"
    assert run(database_url, positions) == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]


LEFT_BEFORE = """
INSERT INTO person (id, username, name, role, password_hash, is_demo, created_at) VALUES
(1, 'nina', 'Nina', 'admin', NULL, false, '2026-11-24 00:00:00'),
(2, 'otto', 'Otto', 'admin', 'a hash', false, '2026-11-24 00:00:00'),
(3, 'paula', 'Paula', 'supervisor', NULL, false, '2026-11-24 00:00:00'),
(4, 'agent', 'Agent', 'agent', NULL, false, '2026-11-24 00:00:00'),
(5, 'guest', 'Guest', 'supervisor', NULL, true, '2026-11-24 00:00:00')
"""
THEIR_KEYS = """
INSERT INTO api_key (key_hash, label, person_id, created_at, revoked_at) VALUES
('ninas', 'a key', 1, '2026-11-24 00:00:00', '2026-11-25 00:00:00'),
('paulas', 'a key', 3, '2026-11-24 00:00:00', NULL),
('agents', 'a key', 4, '2026-11-24 00:00:00', '2026-11-25 00:00:00')
"""


def test_who_has_left_before_stays_shut_out_and_nobody_else_is(
    config: Config, database_url: str
) -> None:
    command.upgrade(config, "0009")
    run(database_url, LEFT_BEFORE, THEIR_KEYS)
    command.upgrade(config, "head")

    async def check() -> None:
        desk = Desk(Database(database_url), is_demo=True)
        async with desk.database.reading() as session:
            everybody = await people_queries.everybody(session)
        await desk.database.close()
        assert [one.username for one in everybody if not desk.admits(one)] == ["nina"]

    asyncio.run(check())
    command.downgrade(config, "0009")
    assert run(database_url, "SELECT count(*) FROM person") == [(5,)]


MADE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
    " OR name = 'search_index'",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    " UNION ALL SELECT proname, prosrc FROM pg_proc WHERE proname = 'count_case'",
}


def made(database_url: str) -> set[tuple[str, str]]:
    """The indexes and triggers, each with what it does."""
    backend = database_url.partition(":")[0]
    return {
        (name, " ".join((sql or "").replace('"', "").replace("( ", "(").split()))
        for name, sql in run(database_url, MADE[backend])
    }


def test_a_migrated_database_has_the_same_indexes_and_triggers_as_a_fresh_one(
    config: Config, database_url: str
) -> None:
    command.upgrade(config, "head")
    migrated = made(database_url)
    command.downgrade(config, "base")

    async def create() -> None:
        database = Database(database_url)
        async with database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await database.close()

    asyncio.run(create())
    assert made(database_url) == migrated


def test_cases_from_before_are_counted_and_found(config: Config, database_url: str) -> None:
    command.upgrade(config, "0003")
    run(database_url, PEOPLE_NOW, *OLD_CASES)
    command.upgrade(config, "head")

    async def check() -> None:
        desk = Desk(Database(database_url))
        async with desk.database.reading() as session:
            for search in ("", "верните ДЕНЬГИ", "charged DANA"):
                chosen = QueueFilter(search=search, view=View.ALL)
                counts = await case_lists.counts(session, EVERYTHING, Queue.PUBLISHED, chosen)
                page = await case_lists.page(session, EVERYTHING, Queue.PUBLISHED, chosen, 0, 9)
                assert (counts.waiting, counts.all, [case.id for case in page]) == (1, 1, [1])
        await desk.database.close()

    asyncio.run(check())
    command.downgrade(config, "0003")
    command.upgrade(config, "head")


def test_an_upgrade_tells_nobody_of_cases_that_were_overdue_before(
    config: Config, database_url: str
) -> None:
    command.upgrade(config, "0005")
    run(
        database_url,
        *(PEOPLE_NOW, *OLD_CASES, *MORE_OLD_CASES),
        "UPDATE escalation SET due_at = '2000-01-01 00:00:00' WHERE id = 1",
        "UPDATE escalation SET due_at = '2999-01-01 00:00:00' WHERE id = 2",
    )
    command.upgrade(config, "head")

    async def tell(now: datetime) -> int:
        desk = Desk(Database(database_url), clock=lambda: now, sealer=SEALER)
        told = await tell_overdue(desk)
        await desk.database.close()
        return told

    assert asyncio.run(tell(datetime.now(UTC))) == 0
    assert asyncio.run(tell(datetime(2999, 1, 2, tzinfo=UTC))) == 1
    told = "SELECT escalation_id, kind FROM timeline_entry"
    assert run(database_url, told) == [(2, "overdue")]
    command.downgrade(config, "0005")
    assert run(database_url, "SELECT sum(n) FROM queue_count") == [(2,)]


def test_without_the_right_to_the_trigram_extension_the_desk_migrates_and_searches(
    postgres: PostgresServer,
) -> None:
    owners = postgres.new_database()
    run(owners, "CREATE ROLE plain LOGIN", "GRANT ALL ON SCHEMA public TO plain")
    plains = owners.replace("desk@", "plain@")
    config = Config(Path(__file__).resolve().parents[1] / "alembic.ini")
    config.set_main_option("database_url", plains)
    command.upgrade(config, "head")
    run(plains, PEOPLE_NOW, *OLD_CASES, DOCUMENT)
    assert run(owners, "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'") == []

    async def check() -> None:
        database = Database(plains)
        async with database.reading() as session:
            chosen = QueueFilter(search="ДЕНЬГИ", view=View.ALL)
            counts = await case_lists.counts(session, EVERYTHING, Queue.PUBLISHED, chosen)
        await database.close()
        assert counts.all == 1

    asyncio.run(check())
