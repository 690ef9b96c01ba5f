"""The same claims through the HTTP API of the real program, which two workers serve."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from benchmarks.filled_databases import FilledDatabases
from benchmarks.result import Options, Result
from escalation_app.db.engine import Database
from escalation_app.domain.people import COMMAND_LINE, EVERYTHING
from escalation_app.services import api_keys
from escalation_app.services.desk import Desk
from tests.cast import grant
from tests.servers.ports import free_port
from tests.servers.program import PROJECT, Program
from tests.servers.redis_server import RedisServer

P99_MS = 50
# A desk of 32 people, each of whom claims so often, is busy.
PAUSE_SECONDS = 0.5
SURROUNDINGS = {
    "ESCALATION_DEMO": "0",
    "ESCALATION_SECRET_KEY": "of the benchmarks alone",
    "ESCALATION_WORKERS": "2",
    # These are many programs; the limit is for one.
    "ESCALATION_API_REQUESTS_PER_MINUTE": "1000000",
}


def through_the_api(
    filled: FilledDatabases, options: Options, cases: int, clients: int, hands: Mapping[str, int]
) -> Iterator[Result]:
    each = 2 if options.quick else 60
    url = filled.new_copy("claims_api", cases)
    stamp(url)
    asyncio.run(told_overdue(url))
    first = 1
    with tempfile.TemporaryDirectory() as directory:
        redis = RedisServer(directory)
        redis.start()
        port = free_port()
        program = Program(Path(directory), port, port, url, redis.url, surroundings=SURROUNDINGS)
        try:
            program.start()
            keys = program.from_outside(lambda desk: keys_for(desk, clients))
            claim(program.address, keys, first, 1, 2, 0)
            first += clients * 2
            for kind, wanted in hands.items():
                for pause in (0.0, PAUSE_SECONDS):
                    busy = processor_seconds(program)
                    told = claim(program.address, keys, first, wanted, each, pause)
                    told["busy"] = processor_seconds(program) - busy
                    first += clients * each // wanted
                    yield result(kind, pause, told, clients, judged=not options.quick)
        finally:
            program.stop()
            redis.kill()


def stamp(url: str) -> None:
    """Its tables are those of the newest migration."""
    config = Config(PROJECT / "alembic.ini")
    config.set_main_option("database_url", url)
    command.stamp(config, "head")


async def told_overdue(url: str) -> None:
    """These cases are years past their target. To tell of them all is not what is measured."""
    database = Database(url, statement_seconds=None)
    async with database.transaction() as session:
        await session.execute(
            text(
                "UPDATE escalation SET overdue_pending_at = due_at, overdue_in_progress_at = due_at"
            )
        )
    async with database.statements() as connection:
        await connection.execute(text("VACUUM ANALYZE escalation"))
    await database.close()


def processor_seconds(program: Program) -> float:
    """What its workers have used."""
    spent = [psutil.Process(worker).cpu_times() for worker in program.workers]
    return float(sum(one.user + one.system for one in spent))


async def keys_for(desk: Desk, clients: int) -> list[str]:
    names = [f"maria{n + 1}" for n in range(clients)]
    await grant(desk, dict.fromkeys(names, EVERYTHING))
    return [await api_keys.create(desk, COMMAND_LINE, name, "benchmark") for name in names]


def claim(
    address: str, keys: list[str], first: int, hands: int, each: int, pause: float
) -> dict[str, Any]:
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "benchmarks.api_claimants",
                address,
                f"--keys={','.join(keys)}",
            ),
            *(f"--first={first}", f"--hands={hands}", f"--each={each}", f"--pause={pause}"),
        ],
        check=True,
        capture_output=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def result(kind: str, pause: float, told: dict[str, Any], clients: int, *, judged: bool) -> Result:
    took = sorted([*told["won"], *told["refused"]])
    p99 = took[int(len(took) * 0.99)]
    pace = f"every {pause:g} s each" if pause else "as fast as they are answered"
    return Result(
        what=f"Claims by {clients} clients, {kind}, through the API of two workers, {pace}",
        beside="-",
        reach=f"p99 under {P99_MS} ms",
        figures={
            "answers": (len(took) / told["seconds"], "/s"),
            "median": (took[len(took) // 2], "ms"),
            "p99": (p99, "ms"),
            "workers' processor time for each": (told["busy"] * 1000 / len(took), "ms"),
        },
        reached=p99 < P99_MS if judged else None,
        note=f"{len(told['won'])} won, {len(told['refused'])} refused.",
        series={"ms": took},
    )
