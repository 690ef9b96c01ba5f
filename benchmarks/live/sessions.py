"""One session per server: 100 tabs, then 300, under changes and at rest, and a burst at the end."""

import asyncio
import time
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from benchmarks.crowd import Crowd
from benchmarks.hand import MARIA, PASSWORD, Hand, Step
from benchmarks.servers import Grounds, Server
from tests.clients.plain_tab import signed_in

VIEW = "/queue/published?view=all"
SETTLE_SECONDS = 3.0


@dataclass(frozen=True)
class Lengths:
    """How long each part takes, and how many tabs there are."""

    few: int = 100
    many: int = 300
    rate: float = 2.0
    changes: int = 40
    rest_seconds: float = 10.0
    burst: int = 200

    @classmethod
    def of(cls, *, quick: bool) -> "Lengths":
        return cls(few=3, many=6, changes=6, rest_seconds=1.0, burst=20) if quick else cls()


@dataclass(frozen=True)
class Steady:
    """What `tabs` tabs cost and saw under steady changes. Times in milliseconds, CPU in seconds."""

    tabs: int
    changes: int
    cpu: float
    cpu_at_rest: float
    latencies: list[float] = field(repr=False)
    missed: int
    bytes_per_change: float
    heartbeat_bytes: float

    @property
    def cpu_ms(self) -> float:
        """Of server CPU per change and tab, all that the server does meanwhile included."""
        return self.cpu * 1000 / self.changes / self.tabs

    @property
    def cpu_ms_beyond_rest(self) -> float:
        """The same without what as many tabs cost when nothing changes."""
        return (self.cpu - self.cpu_at_rest) * 1000 / self.changes / self.tabs

    @property
    def median(self) -> float:
        return median(self.latencies)

    @property
    def p99(self) -> float:
        return quantiles(self.latencies, n=100)[98]


@dataclass(frozen=True)
class Burst:
    """Milliseconds from the last commit until every tab was right, and frames per tab."""

    right_after: float
    most_frames: int
    made_in: float
    wrong: int


@dataclass(frozen=True)
class Session:
    name: str
    few: Steady
    many: Steady
    burst: Burst
    memory_per_tab: float


async def session(grounds: Grounds, name: str, lengths: Lengths) -> Session:
    """All that is measured of one server."""
    server, file = getattr(grounds, name)()
    await asyncio.to_thread(server.start)
    try:
        async with Hand(file, grounds.redis_url) as hand, Crowd() as crowd:
            cookie = await signed_in(server.address, MARIA, PASSWORD) if name == "desk" else ""
            path = VIEW if name == "desk" else "/"
            await crowd.open(server.name, server.address, [path] * lengths.few, cookie)
            few = await steady(server, crowd, hand, lengths, lengths.few)
            with_few = server.usage().memory
            more = lengths.many - lengths.few
            await crowd.open(server.name, server.address, [path] * more, cookie)
            many = await steady(server, crowd, hand, lengths, lengths.many)
            per_tab = (server.usage().memory - with_few) / more
            return Session(name, few, many, await burst(crowd, hand, lengths), per_tab)
    finally:
        await asyncio.to_thread(server.stop)


async def steady(server: Server, crowd: Crowd, hand: Hand, lengths: Lengths, tabs: int) -> Steady:
    """At rest, then under changes, for as long as these take at the given rate."""
    await asyncio.sleep(SETTLE_SECONDS)
    begun, before = time.monotonic(), server.usage()
    await asyncio.sleep(lengths.rest_seconds)
    at_rest = (server.usage().cpu - before.cpu) / (time.monotonic() - begun)
    steps = hand.plan(lengths.changes)
    await crowd.watch(steps)
    begun, before = time.monotonic(), server.usage()
    done = await hand.do(steps, lengths.rate)
    await asyncio.sleep(1 / lengths.rate)
    took, cpu = time.monotonic() - begun, server.usage().cpu - before.cpu
    await asyncio.sleep(SETTLE_SECONDS)
    return _steady(await crowd.report(), done, tabs, cpu, at_rest * took)


def _steady(
    reports: list[dict[str, Any]], done: list[Step], tabs: int, cpu: float, at_rest: float
) -> Steady:
    latencies = [
        (seen - step.committed_at) * 1000
        for report in reports
        for step, seen in zip(done, report["seen_at"], strict=False)
    ]
    heartbeats = sum(report["heartbeats"] for report in reports)
    received = sum(report["received"] for report in reports) - heartbeats
    return Steady(
        tabs=tabs,
        changes=len(done),
        cpu=cpu,
        cpu_at_rest=at_rest,
        latencies=latencies,
        missed=len(done) * tabs - len(latencies),
        bytes_per_change=received / len(done) / tabs,
        heartbeat_bytes=heartbeats / tabs,
    )


async def burst(crowd: Crowd, hand: Hand, lengths: Lengths) -> Burst:
    """So many changes within a second. What happened in between need not be seen, the end must."""
    steps = hand.plan(lengths.burst)
    await crowd.watch(steps)
    done = await hand.do(steps, lengths.burst)
    for _ in range(30):
        await asyncio.sleep(1)
        reports = await crowd.report()
        if all(report["right_at"] for report in reports):
            break
    last = done[-1].committed_at
    right = [(report["right_at"] - last) * 1000 for report in reports if report["right_at"]]
    return Burst(
        right_after=max(right, default=float("inf")),
        most_frames=max(report["frames"] for report in reports),
        made_in=last - done[0].committed_at,
        wrong=len(reports) - len(right),
    )
