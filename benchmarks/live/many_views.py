"""300 tabs on 30 distinct views: each view is read by itself, and all show the changed case."""

import asyncio
from collections.abc import Iterator

from benchmarks.crowd import Crowd
from benchmarks.hand import MARIA, OTHER_TOPICS, PASSWORD, Hand
from benchmarks.live.sessions import VIEW, Lengths, Steady, steady
from benchmarks.result import Options, Result
from benchmarks.servers import Grounds
from tests.clients.plain_tab import signed_in


def rows(grounds: Grounds, options: Options) -> Iterator[Result]:
    found = asyncio.run(_measured(grounds, Lengths.of(quick=options.quick)))
    result = Result(
        what=f"Latency from commit to client, {found.tabs} tabs on 30 distinct views",
        beside="100 tabs on one view",
        reach="p99 under 150 ms",
        figures={
            "median": (found.median, "ms"),
            "p99": (found.p99, "ms"),
            "CPU per change and tab": (found.cpu_ms, "ms"),
        },
        reached=found.p99 < 150 and not found.missed,
        series={"30 views": sorted(found.latencies)},
    )
    yield result if not options.quick else result.unjudged()


async def _measured(grounds: Grounds, lengths: Lengths) -> Steady:
    server, file = grounds.desk()
    await asyncio.to_thread(server.start)
    try:
        async with Hand(file, grounds.redis_url) as hand, Crowd() as crowd:
            cookie = await signed_in(server.address, MARIA, PASSWORD)
            paths = [
                f"{VIEW}&topic=Billing,{OTHER_TOPICS[number % 30]}"
                for number in range(lengths.many)
            ]
            await crowd.open(server.name, server.address, paths, cookie)
            return await steady(server, crowd, hand, lengths, lengths.many)
    finally:
        await asyncio.to_thread(server.stop)
