"""Who claims, for so many seconds, and what they are told: one process with some of the clients.

    python -m benchmarks.claimants DATABASE_URL --of 32 --from 0 --to 32 --first 1 --seconds 8

Prints the milliseconds of each answer as JSON.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import uvloop

from escalation_app.db.engine import Database
from escalation_app.domain.people import ALL_QUEUES, Viewer
from escalation_app.domain.refusals import AlreadyClaimed
from escalation_app.domain.vocabulary import Role
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from tests.cast import SEALER


@dataclass(frozen=True)
class Answers:
    """Milliseconds, one for each answer."""

    won: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)


def claimant(number: int) -> Viewer:
    """One of the people with whom a database is filled."""
    return Viewer(number, f"maria{number}", Role.SUPERVISOR, ALL_QUEUES)


def case_at(first: int, client: int, clients: int, hands: int, n: int) -> int:
    """The case that a client wants as its nth: of `hands` clients that are neighbours, the same."""
    return first + client // hands + clients // hands * n


async def claim_until(desk: Desk, arguments: argparse.Namespace) -> Answers:
    answers, until = Answers(), time.perf_counter() + arguments.seconds

    async def work(client: int) -> None:
        who, n = claimant(client + 1), 0
        while (begun := time.perf_counter()) < until:
            case = case_at(arguments.first, client, arguments.clients, arguments.hands, n)
            told = answers.won
            try:
                await escalations.claim(desk, who, case)
            except AlreadyClaimed:
                told = answers.refused
            told.append((time.perf_counter() - begun) * 1000)
            n += 1

    await asyncio.gather(*(work(client) for client in range(arguments.begin, arguments.end)))
    return answers


async def run(arguments: argparse.Namespace) -> None:
    desk = Desk(Database(arguments.database), sealer=SEALER)
    answers = await claim_until(desk, arguments)
    await desk.database.close()
    json.dump({"won": answers.won, "refused": answers.refused}, sys.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--begin", type=int, default=0)
    parser.add_argument("--end", type=int, default=32)
    parser.add_argument("--hands", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=8)
    uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
