"""All tabs come back at once after the server was killed and started again."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.crowd import Crowd
from benchmarks.hand import MARIA, PASSWORD, Hand
from benchmarks.live.sessions import SETTLE_SECONDS, VIEW, Lengths
from benchmarks.result import Options, Result
from benchmarks.servers import Grounds
from tests.clients.plain_tab import signed_in


@dataclass(frozen=True)
class Return:
    """Seconds since the server answered, by tab, and how many showed something else than is true."""

    after: list[float]
    wrong: int


def rows(grounds: Grounds, options: Options) -> Iterator[Result]:
    lengths = Lengths.of(quick=options.quick)
    found = asyncio.run(_measured(grounds, lengths))
    half = sorted(found.after)[len(found.after) // 2]
    result = Result(
        what=f"Mass reconnect: {lengths.many} tabs at once after a restart",
        beside="-",
        reach="all right again within 3 s",
        figures={"the last tab": (max(found.after), "s"), "half of the tabs": (half, "s")},
        reached=max(found.after) <= 3 and not found.wrong,
        note="Since the new server answers. The tabs try again after 0.2 to 2 s, and meanwhile ask "
        "every 0.5 to 0.8 s whether it answers, as the desk's pages do; cases that changed while it "
        "was away are right on every tab.",
    )
    yield result if not options.quick else result.unjudged()


async def _measured(grounds: Grounds, lengths: Lengths) -> Return:
    server, file = grounds.desk()
    await asyncio.to_thread(server.start)
    try:
        async with Hand(file, grounds.redis_url) as hand, Crowd() as crowd:
            cookie = await signed_in(server.address, MARIA, PASSWORD)
            await crowd.open(server.name, server.address, [VIEW] * lengths.many, cookie)
            await crowd.stay()
            await asyncio.sleep(SETTLE_SECONDS)
            killed_at = time.monotonic()
            await asyncio.to_thread(server.kill)
            done = await hand.do(hand.plan(10), rate=10)
            await asyncio.to_thread(server.start)
            answers_at = time.monotonic()
            listed = await crowd.wait_for_return(since=killed_at)
            expected = {str(step.case_id): step.status.value for step in done}
            shown = await crowd.statuses()
            wrong = sum(not expected.items() <= one.items() for one in shown)
            return Return([at - answers_at for at in listed], wrong)
    finally:
        await asyncio.to_thread(server.stop)
