"""Many tabs for a long time: does memory stay flat, and is any push lost?

    python -m benchmarks.soak --tabs 500 --minutes 30 --rate 5 [--into docs/benchmarks]

The server's memory is noted every few seconds, and with it the lag: how long the slowest tab took for
the changes of that time. At the end every tab must show what the database holds.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import linear_regression, mean
from typing import Any

from benchmarks.crowd import Crowd
from benchmarks.hand import MARIA, PASSWORD, Hand
from benchmarks.live.sessions import SETTLE_SECONDS, VIEW
from benchmarks.result import Result
from benchmarks.servers import Grounds, Server, standing
from tests.clients.plain_tab import signed_in

FLAT = 0.05
STRETCH_SECONDS = 10.0
# After so long a tab would no longer say Connected, and a push that has not come is lost.
LATEST_SECONDS = 10.0


@dataclass(frozen=True)
class Moment:
    """After so many seconds: the server's memory, and the slowest tab's lag since the last moment."""

    at: float
    memory: int
    lag_ms: float


@dataclass(frozen=True)
class Soak:
    """`lost` counts changes that a tab never showed, `wrong` tabs that ended with another list."""

    tabs: int
    changes: int
    moments: list[Moment]
    lost: int
    wrong: int

    @property
    def growth(self) -> float:
        """Of the memory over the second half, by the line that fits it best, as a part of its mean."""
        half = self.moments[len(self.moments) // 2 :]
        times, sizes = [one.at for one in half], [one.memory for one in half]
        return linear_regression(times, sizes).slope * (times[-1] - times[0]) / mean(sizes)

    @property
    def held(self) -> bool:
        return abs(self.growth) <= FLAT and not self.lost and not self.wrong

    def result(self) -> Result:
        lags = [moment.lag_ms for moment in self.moments]
        return Result(
            what=f"Soak: {self.tabs} tabs, {self.changes} changes in {self.moments[-1].at / 60:.0f} minutes",
            beside="its own first half",
            reach="memory flat in the second half (±5 %), no push lost",
            figures={
                "growth of the memory over the second half": (self.growth * 100, "%"),
                "pushes lost": (self.lost, ""),
                "tabs that ended wrong": (self.wrong, ""),
                "slowest tab": (max(lags), "ms"),
            },
            reached=self.held,
            series={
                "memory, MB": [(one.at, one.memory / 1e6) for one in self.moments],
                "slowest tab, ms": [(one.at, one.lag_ms) for one in self.moments],
            },
        )


async def soak(grounds: Grounds, *, tabs: int, minutes: float, rate: float) -> Soak:
    """Run it on a desk of its own."""
    server, file = grounds.desk()
    await asyncio.to_thread(server.start)
    try:
        async with Hand(file, grounds.redis_url) as hand, Crowd() as crowd:
            cookie = await signed_in(server.address, MARIA, PASSWORD)
            await crowd.open(server.name, server.address, [VIEW] * tabs, cookie)
            await asyncio.sleep(SETTLE_SECONDS)
            return await _soaked(server, hand, crowd, tabs, minutes * 60, rate)
    finally:
        await asyncio.to_thread(server.stop)


async def _soaked(
    server: Server, hand: Hand, crowd: Crowd, tabs: int, seconds: float, rate: float
) -> Soak:
    begun, moments, lost, made = time.monotonic(), [], 0, 0
    expected: dict[str, str] = {}
    while time.monotonic() - begun < seconds:
        steps = hand.plan(max(1, round(rate * STRETCH_SECONDS)))
        await crowd.watch(steps)
        done = await hand.do(steps, rate)
        reports = await _reports(crowd, len(done))
        expected |= {str(step.case_id): step.status.value for step in done}
        made += len(done)
        lost += sum(len(done) - len(one["seen_at"]) for one in reports)
        lag = max(
            (seen - step.committed_at) * 1000
            for one in reports
            for step, seen in zip(done, one["seen_at"], strict=False)
        )
        moments.append(Moment(time.monotonic() - begun, server.usage().memory, lag))
    await asyncio.sleep(SETTLE_SECONDS)
    wrong = sum(not expected.items() <= shown.items() for shown in await crowd.statuses())
    return Soak(tabs, made, moments, lost, wrong)


async def _reports(crowd: Crowd, changes: int) -> list[dict[str, Any]]:
    """What each tab has seen once all have seen everything, or once it is too late for that."""
    begun = time.monotonic()
    while True:
        await asyncio.sleep(1)
        reports = await crowd.report()
        if all(len(one["seen_at"]) == changes for one in reports):
            return reports
        if time.monotonic() - begun > LATEST_SECONDS:
            return reports


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--tabs", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--into", type=Path, default=Path("docs/benchmarks"))
    given = parser.parse_args()
    with standing(cases=300) as grounds:
        found = asyncio.run(soak(grounds, tabs=given.tabs, minutes=given.minutes, rate=given.rate))
    # Only here: a test of the soak draws nothing.
    from benchmarks import plots, report

    given.into.mkdir(parents=True, exist_ok=True)
    (given.into / "soak.json").write_text(json.dumps(asdict(found), indent=1) + "\n")
    plots.draw(given.into, [found.result()])
    sys.stdout.write(report.table([found.result()]))
    sys.exit(not found.held)


if __name__ == "__main__":
    main()
