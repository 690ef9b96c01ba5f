"""How long a page of the list, each filter, the counts and a search take, at several sizes.

    python -m benchmarks.list_at_scale [--sizes 1000,100000,1000000] [--databases sqlite,postgresql]

The sizes take turns, question by question, so that what else the machine does falls on all alike.
Filled databases are kept in the temporary folder: the first run takes minutes longer.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.filled_databases import FilledDatabases, filled_databases
from benchmarks.list_questions import Ask, Question, places_in, questions
from benchmarks.result import Options, Result
from escalation_app.db.engine import Database

SIZES = (1_000, 100_000, 1_000_000)
QUICK_SIZES = (500, 2_000)
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
REPEATS = 40
MOST_MS = {"a page": 10, "a filter": 10, "counts": 10, "a search": 50}
MOST_TIMES = 3


@dataclass(frozen=True)
class Took:
    """Milliseconds. The fastest tells most on a machine that does other things, too."""

    fastest: float
    median: float
    p95: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Took":
        ordered = sorted(times)
        return cls(ordered[0], ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)])


# By size.
Times = Mapping[int, Took]
Measured = dict[Question, Times]


def rows(options: Options) -> Iterator[Result]:
    sizes, repeats = (QUICK_SIZES, 2) if options.quick else (SIZES, REPEATS)
    with filled_databases() as filled:
        for kind, name in DATABASES.items():
            yield from results(
                name, measured(filled, kind, sizes, repeats), judged=not options.quick
            )


def measured(filled: FilledDatabases, kind: str, sizes: Sequence[int], repeats: int) -> Measured:
    urls = {size: filled.url(kind, size) for size in sizes}
    return asyncio.run(_measured(urls, repeats))


async def _measured(urls: Mapping[int, str], repeats: int) -> Measured:
    databases = {size: Database(url) for size, url in urls.items()}
    asked: dict[int, list[Question]] = {}
    for size, database in databases.items():
        async with database.reading() as session:
            asked[size] = list(questions(await places_in(session)))
    found = {}
    for number, question in enumerate(asked[min(urls)]):
        taken: dict[int, list[float]] = {size: [] for size in urls}
        for _ in range(repeats + 1):
            for size, database in databases.items():
                taken[size].append(await _time(database, asked[size][number].ask))
        # The first time is nobody's: plans are made and pages read.
        found[question] = {size: Took.of(times[1:]) for size, times in taken.items()}
    for database in databases.values():
        await database.close()
    return found


async def _time(database: Database, ask: Ask) -> float:
    async with database.reading() as session:
        await session.connection()
        begun = time.perf_counter()
        await ask(session)
        return (time.perf_counter() - begun) * 1000


def results(database: str, found: Measured, *, judged: bool) -> Iterator[Result]:
    """One row for each kind of question: what is slowest, and what grows most."""
    for group, most in MOST_MS.items():
        those = {question: times for question, times in found.items() if question.group == group}
        over = {one.name: times for one, times in those.items() if is_over(times, most)}
        smallest, largest = min(next(iter(those.values()))), max(next(iter(those.values())))
        figures = {
            f"p95 of the slowest, {size:,} cases": (max(t[size].p95 for t in those.values()), "ms")
            for size in next(iter(those.values()))
        }
        figures["growth of the p95, at most"] = (max(growth(t) for t in those.values()), "times")
        yield Result(
            what=f"{group.capitalize()} of {largest:,} cases, {database} ({len(those)} questions)",
            beside=f"the same of {smallest:,}",
            reach=f"p95 under {most} ms, at most {MOST_TIMES} times",
            figures=figures,
            reached=not over if judged else None,
            note="; ".join(f"{name}: {told(times)}" for name, times in over.items()),
            series={
                one.name: [(size, took.p95) for size, took in times.items()]
                for one, times in those.items()
            },
        )


def is_over(times: Times, most: float) -> bool:
    return times[max(times)].p95 >= most or growth(times) > MOST_TIMES


def growth(times: Times) -> float:
    return times[max(times)].p95 / times[min(times)].p95


def told(times: Times) -> str:
    return " → ".join(f"{took.p95:.1f}" for took in times.values()) + " ms"


def show(database: str, found: Measured) -> None:
    """A Markdown table: the fastest, median and 95th percentile in milliseconds."""
    sizes = list(next(iter(found.values())))
    heads = [f"{database} {size:,}" for size in sizes]
    lines = [
        f"| fastest / p50 / p95 in ms | {' | '.join(heads)} | growth |",
        "|---" * (len(heads) + 2) + "|",
    ]
    for question, times in found.items():
        cells = (f"{t.fastest:.1f} / {t.median:.1f} / {t.p95:.1f}" for t in times.values())
        mark = " ✗" if is_over(times, MOST_MS[question.group]) else ""
        lines.append(
            f"| {question.group}: {question.name} | {' | '.join(cells)} | {growth(times):.1f}{mark} |"
        )
    sys.stdout.write("\n".join(lines) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--repeats", type=int, default=REPEATS)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    with filled_databases() as filled:
        for kind in given.databases.split(","):
            show(DATABASES[kind], measured(filled, kind, sizes, given.repeats))


if __name__ == "__main__":
    main()
