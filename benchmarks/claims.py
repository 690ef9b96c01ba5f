"""Claims per second on PostgreSQL, by 32 clients: the service beside pgbench, and through the API.

    python -m benchmarks.claims [--quick]

pgbench sends what the service was heard to send, in the same transactions. Contested: four clients
want each case, so that one gets it and three are told who has it, which the history keeps.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import claim_statements
from benchmarks.claims_through_api import through_the_api
from benchmarks.filled_databases import FilledDatabases, filled_databases
from benchmarks.result import Options, Result
from escalation_app.db.engine import Database
from escalation_app.services.desk import Desk
from tests.cast import SEALER
from tests.servers.postgres_server import binary

CLIENTS = 32
# How many want each case.
HANDS = {"uncontested": 1, "contested": 4}
# As many processes as `make serve` starts.
WORKERS = 2
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Run:
    """How much is done: so many claims by each client, so many rounds, so many cases at hand."""

    each: int
    rounds: int
    cases: int

    @classmethod
    def of(cls, options: Options) -> "Run":
        return cls(3, 1, 2_000) if options.quick else cls(200, 3, 100_000)


def rows(options: Options) -> Iterator[Result]:
    run = Run.of(options)
    with filled_databases() as filled:
        url = filled.new_copy("claims", run.cases)
        scripts = asyncio.run(recorded(url, run.cases))
        first = 1
        for kind, hands in HANDS.items():
            measured: list[dict[str, float]] = []
            for _ in range(run.rounds):
                measured.append(one_round(filled, url, scripts[kind], hands, first, run.each))
                first += len(measured[-1]) * CLIENTS * run.each // hands
            yield result(kind, measured, judged=not options.quick)
        yield from through_the_api(filled, options, run.cases, CLIENTS, HANDS)


async def recorded(url: str, cases: int) -> dict[str, str]:
    """The last cases are given away for it."""
    desk = Desk(Database(url), sealer=SEALER)
    # Once unheard: some statements are sent on a connection's first use only.
    await claim_statements.uncontested(desk, cases, CLIENTS)
    scripts = {
        "uncontested": await claim_statements.uncontested(desk, cases - 1, CLIENTS),
        "contested": await claim_statements.contested(desk, cases - 2, CLIENTS, HANDS["contested"]),
    }
    await desk.database.close()
    return scripts


def one_round(
    filled: FilledDatabases, url: str, script: str, hands: int, first: int, each: int
) -> dict[str, float]:
    """Answers per second of each, one after the other, each on cases of its own."""
    cases = CLIENTS * each // hands
    alone = service(url, 1, hands, first, each)
    beside = pgbench(filled, script, first + cases, each)
    several = service(url, WORKERS, hands, first + 2 * cases, each)
    return {"one process": alone, "pgbench": beside, f"{WORKERS} processes": several}


def service(url: str, processes: int, hands: int, first: int, each: int) -> float:
    share = CLIENTS // processes
    begun = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.claimants", url, f"--first={first}"),
                *(f"--begin={n * share}", f"--end={(n + 1) * share}"),
                *(f"--hands={hands}", f"--each={each}", f"--clients={CLIENTS}"),
            ],
            stdout=subprocess.PIPE,
        )
        for n in range(processes)
    ]
    told: Sequence[Any] = [json.loads(one.communicate()[0]) for one in begun]
    answers = sum(len(one["won"]) + len(one["refused"]) for one in told)
    return float(answers / max(one["seconds"] for one in told))


def pgbench(filled: FilledDatabases, script: str, first: int, each: int) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [
                *(binary("pgbench"), "--no-vacuum", "--protocol=prepared"),
                *(f"--client={CLIENTS}", "--jobs=2", f"--transactions={each}"),
                *("-D", "n=0", "-D", f"first={first}", f"--file={file.name}"),
                *("-h", "127.0.0.1", "-p", str(filled.server.port), "-U", "desk", "claims"),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    found = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    assert found, done.stdout
    return float(found[1])


def result(kind: str, measured: Sequence[dict[str, float]], *, judged: bool) -> Result:
    names = list(measured[0])
    middle = {name: statistics.median(one[name] for one in measured) for name in names}
    shares = {
        name: statistics.median(one[name] / one["pgbench"] for one in measured)
        for name in names
        if name != "pgbench"
    }
    figures = {f"{name}, answers": (middle[name], "/s") for name in names}
    figures |= {f"{name}, of pgbench's": (share, "") for name, share in shares.items()}
    return Result(
        what=f"Claims by {CLIENTS} clients, {kind}, service, PostgreSQL",
        beside="pgbench doing the same statements",
        reach=f"at least {LEAST_SHARE} of pgbench's",
        figures=figures,
        reached=max(shares.values()) >= LEAST_SHARE if judged else None,
        note=f"Medians of {len(measured)} rounds by turns.",
        series={name: [one[name] for one in measured] for name in names},
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    for row in rows(Options(quick=parser.parse_args().quick)):
        sys.stdout.write(f"{row.what}: {row.verdict}\n")
        for name, (figure, unit) in row.figures.items():
            sys.stdout.write(f"    {name}: {figure:.2f} {unit}\n")
