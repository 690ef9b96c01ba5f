"""The first load: what it weighs, and how long until the list can be used, beside a blank page."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from playwright.async_api import Browser, async_playwright

from benchmarks.hand import MARIA, PASSWORD
from benchmarks.live.painted import ARGUMENTS, CHROMIUM, WINDOW, sign_in
from benchmarks.live.sessions import VIEW
from benchmarks.result import Figure, Options, Result
from benchmarks.servers import Grounds, Server
from tests.clients.plain_tab import signed_in

ROW, HERE = '[data-testid="escalation-row"]', "#here"
SLOWER = 4
REPEATS = 5
# Milliseconds since the navigation began, noted in the frame that first shows it.
NOTE = """(() => {
    const look = () => {
        if (document.querySelector(%s)) window.usableAt = performance.now();
        else requestAnimationFrame(look);
    };
    look();
})()"""


@dataclass(frozen=True)
class Load:
    compressed: int
    usable_ms: float


def rows(grounds: Grounds, options: Options) -> Iterator[Result]:
    repeats = 1 if options.quick else REPEATS
    found = asyncio.run(_measured(grounds, repeats))
    desk, blank = found["desk", 1], found["blank page", 1]
    figures: dict[str, Figure] = {}
    for (name, slower), load in found.items():
        if slower == 1:
            figures[f"{name}, compressed"] = (load.compressed / 1000, "kB")
        there = "usable" if slower == 1 else f"usable on a CPU {slower} times slower"
        figures[f"{name}, {there}"] = (load.usable_ms, "ms")
    more = (desk.compressed - blank.compressed) / 1000
    result = Result(
        what="First load",
        beside="a blank Reflex page",
        reach="at most 150 kB more compressed than blank; list usable under 1 s, on a slowed CPU too",
        figures=figures | {"more than blank": (more, "kB")},
        reached=more <= 150 and max(desk.usable_ms, found["desk", SLOWER].usable_ms) < 1000,
        note="Nothing cached, all that came by HTTP, headers included; usable is the first frame "
        f"with a row. The median of {repeats}.",
    )
    yield result if not options.quick else result.unjudged()


async def _measured(grounds: Grounds, repeats: int) -> dict[tuple[str, int], Load]:
    desk, blank = grounds.desk()[0], grounds.blank()
    found = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for name, server, path, wanted in (
            ("desk", desk, VIEW, ROW),
            ("blank page", blank, "/", HERE),
        ):
            await asyncio.to_thread(server.start)
            try:
                for slower in (1, SLOWER):
                    loads = [
                        await _load(browser, server, path, wanted, slower) for _ in range(repeats)
                    ]
                    found[name, slower] = Load(
                        round(median(load.compressed for load in loads)),
                        median(load.usable_ms for load in loads),
                    )
            finally:
                await asyncio.to_thread(server.stop)
        await browser.close()
    return found


async def _load(browser: Browser, server: Server, path: str, wanted: str, slower: int) -> Load:
    context = await browser.new_context(viewport=WINDOW, bypass_csp=True)
    if wanted == ROW:
        cookie = await signed_in(server.address, MARIA, PASSWORD)
        await sign_in(context, server.address, cookie)
    await context.add_init_script(NOTE % repr(wanted))
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    received: list[int] = []
    line.on("Network.loadingFinished", lambda one: received.append(int(one["encodedDataLength"])))
    await line.send("Network.enable")
    if slower > 1:
        await line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    await page.goto(f"{server.address}{path}")
    await page.wait_for_function("() => window.usableAt")
    usable = await page.evaluate("window.usableAt")
    # What is still loaded after that counts too.
    await asyncio.sleep(1)
    await context.close()
    return Load(sum(received), usable)
