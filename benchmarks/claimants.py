"""Who claims, so often each, and what they are told: one process with some of the clients.

    python -m benchmarks.claimants DATABASE_URL --begin 0 --end 32 --first 1 --each 150

Prints JSON: the milliseconds of each answer, the seconds that all took, and of the processor's time.
"""

import argparse
import asyncio
import json
import sys
import time

import uvloop

from escalation_app.db.engine import CONNECTIONS, Database
from escalation_app.domain.people import ALL_QUEUES, Viewer
from escalation_app.domain.refusals import AlreadyClaimed
from escalation_app.domain.vocabulary import Role
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from tests.cast import SEALER


def claimant(number: int) -> Viewer:
    """One of the people with whom a database is filled."""
    return Viewer(number, f"maria{number}", Role.SUPERVISOR, ALL_QUEUES)


def case_at(first: int, client: int, clients: int, hands: int, n: int) -> int:
    """The case that a client wants as its nth: of `hands` clients that are neighbours, the same."""
    return first + client // hands + clients // hands * n


async def claim_all(desk: Desk, given: argparse.Namespace) -> dict[str, list[float]]:
    """Milliseconds of each answer."""
    answers: dict[str, list[float]] = {"won": [], "refused": []}

    async def work(client: int) -> None:
        for n in range(given.each):
            case = case_at(given.first, client, given.clients, given.hands, n)
            begun, told = time.perf_counter(), "won"
            try:
                await escalations.claim(desk, claimant(client + 1), case)
            except AlreadyClaimed:
                told = "refused"
            answers[told].append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(work(client) for client in range(given.begin, given.end)))
    return answers


async def run(given: argparse.Namespace) -> None:
    desk = Desk(Database(given.database), sealer=SEALER)
    # Connections are made before the clock runs, and at the other side too.
    await asyncio.gather(*(_connect(desk) for _ in range(CONNECTIONS)))
    begun, busy = time.perf_counter(), time.process_time()
    answers = await claim_all(desk, given)
    spent = {"seconds": time.perf_counter() - begun, "busy": time.process_time() - busy}
    await desk.database.close()
    json.dump(answers | spent, sys.stdout)


async def _connect(desk: Desk) -> None:
    async with desk.database.reading() as session:
        await session.connection()
        await asyncio.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--begin", type=int, default=0)
    parser.add_argument("--end", type=int, default=32)
    parser.add_argument("--hands", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--each", type=int, default=150)
    uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
