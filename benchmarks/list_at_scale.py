"""How long a page of the list, each filter, the counts and a search take, at several sizes.

    python -m benchmarks.list_at_scale --sizes 1000,100000,1000000 --databases sqlite,postgresql

Fills SQLite in a directory of its own and a PostgreSQL that it starts itself.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from escalation_app.db import case_lists, configurations, escalations, fresh_queue  # noqa: F401 - tables
from escalation_app.db.engine import Database
from escalation_app.domain import credentials, summary, tags  # noqa: F401 - their tables
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING, Scope
from escalation_app.domain.search import document
from escalation_app.domain.vocabulary import Queue, Status, Urgency, View
from escalation_app.services import queue
from tests.servers.postgres_server import PostgresServer

Ask = Callable[[AsyncSession], Awaitable[object]]
MARIA = 1
OMAR = Scope(frozenset({"Billing", "Refund"}), frozenset({"Payment"}))
SAMPLES = Path(escalations.__file__).parents[1] / "demo" / "conversations.jsonl"
TOPICS = ("Billing", "Refund", "Booking", "Account", "Complaint", "Shipping")
AREAS = ("Payment", "Order", "Delivery", "Service")
WAITING_MOST = 10_000


def asked() -> Iterator[tuple[str, Ask]]:
    """What is measured: its name, and how to ask for it."""
    for name, scope in (("maria", EVERYTHING), ("omar", OMAR)):
        for view in View:
            yield f"page {view.value}, {name}", page(scope, QueueFilter(view=view))
        yield f"counts, {name}", counts(scope, QueueFilter())
    for name, chosen in {
        "one status": {"statuses": frozenset({Status.IN_PROGRESS})},
        "one urgency": {"urgencies": frozenset({Urgency.CRITICAL})},
        "one topic": {"topics": frozenset({"Refund"})},
        "a rare topic": {"topics": frozenset({"Rare"})},
        "one area": {"areas": frozenset({"Order"})},
        "status, urgency, topic, area": {
            "statuses": frozenset({Status.COMPLETED}),
            "urgencies": frozenset({Urgency.HIGH}),
            "topics": frozenset({"Refund"}),
            "areas": frozenset({"Order"}),
        },
    }.items():
        narrow = QueueFilter(view=View.ALL, **chosen)  # type: ignore[arg-type]
        yield f"All, {name}", page(EVERYTHING, narrow)
        yield f"counts, {name}", counts(EVERYTHING, narrow)
    waiting = QueueFilter(view=View.WAITING, topics=frozenset({"Refund"}))
    yield "Waiting, one topic", page(EVERYTHING, waiting)
    for name, search in {
        "one case": f"nr{777 * 2654435761 % 2**32:08x}",
        "some": "hyatt",
        "many": "price",
        "most": "please",
        "nothing": "zebraquux",
        "two words": f"please nr{778 * 2654435761 % 2**32:08x}",
        "Cyrillic": "\u041f\u0420\u0418\u0412\u0415\u0422",
        "two letters": "zq",
        "a number": "#46",
    }.items():
        chosen_search = QueueFilter(view=View.ALL, search=search)
        yield f"search {name}", page(EVERYTHING, chosen_search)
        yield f"search {name}, omar", page(OMAR, chosen_search)
        yield f"counts, search {name}", counts(EVERYTHING, chosen_search)
    found_waiting = QueueFilter(view=View.WAITING, search="charged")
    yield "search many in Waiting", page(EVERYTHING, found_waiting)


def page(scope: Scope, chosen: QueueFilter) -> Ask:
    return lambda session: queue.rows(session, scope, Queue.PUBLISHED, chosen, MARIA, queue.PAGE)


def counts(scope: Scope, chosen: QueueFilter) -> Ask:
    return lambda session: case_lists.counts(session, scope, Queue.PUBLISHED, chosen)


async def measure(database: Database, repeats: int) -> dict[str, tuple[float, float]]:
    """The median and the 95th percentile of each, in milliseconds, after a first time unmeasured."""
    figures = {}
    for name, ask in asked():
        taken = []
        for _ in range(repeats + 1):
            async with database.reading() as session:
                await session.connection()
                begun = time.perf_counter()
                await ask(session)
                taken.append((time.perf_counter() - begun) * 1000)
        taken = sorted(taken[1:])
        figures[name] = (taken[len(taken) // 2], taken[int(len(taken) * 0.95)])
    return figures


async def fill(database: Database, size: int) -> None:
    """Real conversations over and over, each case with a word of its own. Most are completed."""
    sqlite = database.is_sqlite
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
        await bare(connection, sqlite=sqlite)
        await connection.execute(
            text("CREATE TABLE sample (k integer PRIMARY KEY, reason text, name text, said text)")
        )
        await connection.execute(
            text("INSERT INTO sample VALUES (:k, :reason, :name, :said)"), samples()
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
        for statement in made_of(size, sqlite=sqlite):
            await connection.exec_driver_sql(statement)
        await kept_again(connection, sqlite=sqlite)
    async with database.engine.connect() as connection:
        settled = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await settled.execute(text("ANALYZE" if sqlite else "VACUUM ANALYZE"))


def samples() -> list[dict[str, Any]]:
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


async def bare(connection: Any, *, sqlite: bool) -> None:
    """Without what is cheaper to make at the end."""
    if not sqlite:
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        await connection.exec_driver_sql("DROP INDEX ix_search_document_trigrams")
        return
    for name in ("counted", "uncounted", "recounted"):
        await connection.exec_driver_sql(f"DROP TRIGGER escalation_{name}")
    await connection.exec_driver_sql("DROP TRIGGER search_document_indexed")
    await connection.exec_driver_sql("PRAGMA cache_size = -1000000")


async def kept_again(connection: Any, *, sqlite: bool) -> None:
    kind = "sqlite" if sqlite else "postgresql"
    again = [*fresh_queue.COUNTING[kind]] if sqlite else []
    indexing = [s for s in fresh_queue.INDEXING[kind] if "_indexed" in s or "USING gin" in s]
    rebuild = ["INSERT INTO search_index (search_index) VALUES ('rebuild')"] if sqlite else []
    memory = [] if sqlite else ["SET LOCAL maintenance_work_mem = '1GB'"]
    for statement in (*memory, *again, *rebuild, *indexing):
        await connection.exec_driver_sql(statement)


def made_of(size: int, *, sqlite: bool) -> Iterator[str]:
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
    step = max(100, size // WAITING_MOST)
    status = f"CASE i % {step} WHEN 0 THEN 'Pending' WHEN 1 THEN 'InProgress' ELSE 'Completed' END"
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
            CASE WHEN status <> 'Pending' THEN 1 + i / 7 % 200 END,
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


def show(figures: dict[tuple[str, int], dict[str, tuple[float, float]]]) -> None:
    """A Markdown table: p50 / p95 in milliseconds."""
    heads = [f"{database} {size:,}" for database, size in figures]
    lines = [f"| p50 / p95 in ms | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name in next(iter(figures.values())):
        cells = (f"{half:.1f} / {most:.1f}" for half, most in (f[name] for f in figures.values()))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    sys.stdout.write("\n".join(lines) + "\n")


async def run(sizes: list[int], databases: list[str], repeats: int) -> None:
    figures = {}
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        server = PostgresServer()
        if "postgresql" in databases:
            server.start()
        try:
            for kind in databases:
                for size in sizes:
                    file = f"sqlite:///{directory}/{size}.db"
                    database = Database(server.new_database() if kind == "postgresql" else file)
                    begun = time.perf_counter()
                    await fill(database, size)
                    sys.stderr.write(f"{kind} {size}: {time.perf_counter() - begun:.0f} s\n")
                    figures[kind, size] = await measure(database, repeats)
                    await database.close()
        finally:
            server.remove()
    show(figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--repeats", type=int, default=30)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    asyncio.run(run(sizes, given.databases.split(","), given.repeats))


if __name__ == "__main__":
    main()
