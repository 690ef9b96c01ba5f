"""What an open tab takes of the server's memory, all that is kept for it included."""

import asyncio
from collections.abc import Iterator

from benchmarks.crowd import Crowd
from benchmarks.hand import MARIA, PASSWORD
from benchmarks.live.sessions import SETTLE_SECONDS, VIEW, Lengths
from benchmarks.result import Options, Result
from benchmarks.servers import Grounds
from tests.clients.plain_tab import signed_in

NAMES = {"desk": "desk", "nicegui": "NiceGUI", "usual": "Reflex's usual way"}


def rows(grounds: Grounds, options: Options) -> Iterator[Result]:
    lengths = Lengths.of(quick=options.quick)
    found = {name: asyncio.run(_measured(grounds, name, lengths)) for name in NAMES}
    result = Result(
        what="Memory per open tab",
        beside="NiceGUI",
        reach="under 250 kB",
        figures={title: (found[name] / 1000, "kB") for name, title in NAMES.items()},
        reached=found["desk"] < 250_000,
        note="Resident memory of the server's processes with 300 tabs, less that with 100, by the "
        "200 that came; the desk keeps its states in the process, as without Redis.",
    )
    yield result if not options.quick else result.unjudged()


async def _measured(grounds: Grounds, name: str, lengths: Lengths) -> float:
    is_desk = name == "desk"
    server, _ = grounds.desk(redis=False) if is_desk else getattr(grounds, name)()
    await asyncio.to_thread(server.start)
    try:
        async with Crowd() as crowd:
            cookie = await signed_in(server.address, MARIA, PASSWORD) if is_desk else ""
            path, more = VIEW if is_desk else "/", lengths.many - lengths.few
            await crowd.open(server.name, server.address, [path] * lengths.few, cookie)
            await asyncio.sleep(SETTLE_SECONDS)
            with_few = server.usage().memory
            await crowd.open(server.name, server.address, [path] * more, cookie)
            await asyncio.sleep(SETTLE_SECONDS)
            return (server.usage().memory - with_few) / more
    finally:
        await asyncio.to_thread(server.stop)
