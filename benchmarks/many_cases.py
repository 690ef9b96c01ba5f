"""A desk with so many cases, written in bulk: real conversations over and over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from escalation_app.db import case_lists, configurations, escalations, fresh_queue  # noqa: F401 - tables
from escalation_app.domain import credentials, idempotency, summary, tags  # noqa: F401 - their tables
from escalation_app.domain.search import document

SAMPLES = Path(escalations.__file__).parents[1] / "demo" / "conversations.jsonl"
TOPICS = ("Billing", "Refund", "Booking", "Account", "Complaint", "Shipping")
AREAS = ("Payment", "Order", "Delivery", "Service")
WAITING_MOST = 10_000


async def fill(engine: AsyncEngine, size: int, *, all_pending: bool = False) -> None:
    """Each case has a word of its own. As many wait as are in progress, and the others are completed."""
    sqlite = engine.dialect.name == "sqlite"
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await _bare(connection, sqlite=sqlite)
        await connection.execute(
            text("CREATE TABLE sample (k integer PRIMARY KEY, reason text, name text, said text)")
        )
        await connection.execute(
            text("INSERT INTO sample VALUES (:k, :reason, :name, :said)"), _samples()
        )
        await connection.execute(
            text(
                "INSERT INTO person (id, username, name, role, is_demo, created_at)"
                " VALUES (:id, :name, :name, 'supervisor', false, :now)"
            ),
            [
                {"id": n, "name": f"maria{n}", "now": datetime(2026, 1, 1, tzinfo=UTC)}
                for n in range(1, 201)
            ],
        )
        for statement in _made_of(size, sqlite=sqlite, all_pending=all_pending):
            await connection.exec_driver_sql(statement)
        await _kept_again(connection, sqlite=sqlite)
    async with engine.connect() as connection:
        settled = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in ("ANALYZE",) if sqlite else ("VACUUM ANALYZE", "CHECKPOINT"):
            await settled.execute(text(statement))


def a_word_of(case: int) -> str:
    """A word that stands in this case alone."""
    return f"nr{case * 2654435761 % 2**32:08x}"


def _samples() -> list[dict[str, Any]]:
    read = [json.loads(line) for line in SAMPLES.read_text().splitlines()]
    return [
        {
            "k": k,
            "reason": one["quote"],
            "name": str(one["profile"].get("name") or "Unknown"),
            "said": document(message["text"] for message in one["messages"])[:400],
        }
        for k, one in enumerate(read)
    ]


async def _bare(connection: Any, *, sqlite: bool) -> None:
    """Without what is cheaper to make at the end."""
    if not sqlite:
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        await connection.exec_driver_sql("DROP INDEX ix_search_document_trigrams")
        return
    for name in ("counted", "uncounted", "recounted"):
        await connection.exec_driver_sql(f"DROP TRIGGER escalation_{name}")
    await connection.exec_driver_sql("DROP TRIGGER search_document_indexed")
    await connection.exec_driver_sql("PRAGMA cache_size = -1000000")


async def _kept_again(connection: Any, *, sqlite: bool) -> None:
    kind = "sqlite" if sqlite else "postgresql"
    again = [*fresh_queue.COUNTING[kind]] if sqlite else []
    indexing = [s for s in fresh_queue.INDEXING[kind] if "_indexed" in s or "USING gin" in s]
    rebuild = ["INSERT INTO search_index (search_index) VALUES ('rebuild')"] if sqlite else []
    memory = [] if sqlite else ["SET LOCAL maintenance_work_mem = '1GB'"]
    for statement in (*memory, *again, *rebuild, *indexing):
        await connection.exec_driver_sql(statement)


def _made_of(size: int, *, sqlite: bool, all_pending: bool) -> Iterator[str]:
    series = (
        "WITH RECURSIVE series(i) AS"
        f" (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {size})"
        if sqlite
        else f"WITH series(i) AS (SELECT generate_series(1::bigint, {size}))"
    )
    at = (
        "strftime('%Y-%m-%d %H:%M:%f000', 1700000000 + i * 30, 'unixepoch')"
        if sqlite
        else "to_timestamp(1700000000 + i * 30)"
    )
    closed = at.replace("i * 30", "i * 30 + i * 7919 % 90000")
    # With a thousand cases, too, a page is full and a person has some, or its time would mean nothing.
    step = max(3, size // WAITING_MOST)
    people = min(200, max(5, size // 100))
    status = f"CASE i % {step} WHEN 0 THEN 'Pending' WHEN 1 THEN 'InProgress' ELSE 'Completed' END"
    status = "'Pending'" if all_pending else status
    topics = " ".join(f"WHEN {n} THEN '{topic}'" for n, topic in enumerate(TOPICS))
    areas = " ".join(f"WHEN {n} THEN '{area}'" for n, area in enumerate(AREAS))
    number = "i * 2654435761 % 4294967296"
    number = f"printf('%08x', {number})" if sqlite else f"lpad(to_hex({number}), 8, '0')"
    scattered = "(i * 48271 % 65537)"
    samples_of = f"JOIN sample ON k = {scattered} % (SELECT count(*) FROM sample)"
    yield f"""{series}
        INSERT INTO conversation (id, queue, external_id, profile, message_count, created_at)
        SELECT i, 'published', 'x', '{{}}', 0, {at} FROM series"""
    yield f"""{series}, made AS (
            SELECT i, {status} AS status, {scattered} / 7 % 4 AS urgency,
                CASE WHEN i % 1000 = 500 THEN 'Rare'
                    ELSE CASE {scattered} % 6 {topics} END END AS topic,
                CASE {scattered} / 11 % 4 {areas} END AS area, {at} AS at, {closed} AS closed
            FROM series)
        INSERT INTO escalation (id, queue, status, urgency, topic, area, reason, "trigger",
            conversation_id, profile, profile_name, version, claimed_by_id, claimed_by, claimed_at,
            completed_by_id, completed_by, completed_at, what_happened, action_taken, follow_up,
            due_at, created_at, updated_at)
        SELECT i, 'published', status, urgency, topic, area, reason || ' nr' || {number},
            'Angry customer', i, '{{}}', name, 1,
            CASE WHEN status <> 'Pending' THEN 1 + i / 7 % {people} END,
            CASE WHEN status <> 'Pending' THEN 'Maria' END,
            CASE WHEN status <> 'Pending' THEN at END,
            CASE WHEN status = 'Completed' THEN 1 END,
            CASE WHEN status = 'Completed' THEN 'Maria' END,
            CASE WHEN status = 'Completed' THEN closed END, 'a', 'b', '', at, at, at
        FROM made {samples_of}"""
    yield f"""{series}
        INSERT INTO search_document (escalation_id, text)
        SELECT i, lower(reason) || ' nr' || {number} || chr_10 || lower(name) || chr_10 || said
            || CASE WHEN i % 50000 = 40 THEN chr_10 || 'привет' ELSE '' END
        FROM series {samples_of} CROSS JOIN (SELECT '\n' AS chr_10) AS line"""
    yield """INSERT INTO queue_count (queue, status, topic, area, urgency, shard, n)
        SELECT queue, status, topic, area, urgency, 0, count(*) FROM escalation
        GROUP BY queue, status, topic, area, urgency"""
