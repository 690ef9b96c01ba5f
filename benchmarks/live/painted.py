"""From commit to painted row: real Chromium tabs beside a crowd of plain ones."""

import asyncio
import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.crowd import Crowd
from benchmarks.hand import MARIA, PAGE, PASSWORD, Hand, Step
from benchmarks.live.sessions import SETTLE_SECONDS, VIEW, Lengths
from benchmarks.result import Options, Result
from benchmarks.servers import Grounds
from tests.clients.plain_tab import signed_in

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
BROWSER_TABS = 4
# Pages run no code but their own; what measures them is let in past that.
WINDOW: Any = {"width": 1440, "height": 900}
DESK_ROW, NICEGUI_ROW = '[data-testid="escalation-row"]', "tbody tr"
DESK_ROWS = f"""() => [...document.querySelectorAll('{DESK_ROW}')]
    .map(row => [row.dataset.id, row.dataset.status])"""
NICEGUI_ROWS = f"""() => [...document.querySelectorAll('{NICEGUI_ROW}')]
    .map(row => [row.cells[0]?.textContent.trim(), row.cells[1]?.textContent.trim()])"""
# A frame is on the screen when the task after its callback runs.
OBSERVE = """(read) => {
    const rows = eval(read), shown = new Map(rows());
    window.painted = [];
    new MutationObserver(() => {
        const changed = rows().filter(([id, status]) => shown.get(id) !== status);
        changed.forEach(([id, status]) => shown.set(id, status));
        if (!changed.length) return;
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => changed.forEach(([id, status]) =>
                window.painted.push([id, status, performance.timeOrigin + performance.now()]));
            channel.port2.postMessage(0);
        });
    }).observe(document.body, {
        subtree: true, childList: true, attributes: true, characterData: true });
}"""
OFFSET = "() => Date.now() - performance.timeOrigin - performance.now()"
NAMES = {"desk": "desk", "nicegui": "NiceGUI"}


def rows(grounds: Grounds, options: Options) -> Iterator[Result]:
    lengths = Lengths.of(quick=options.quick)
    seen = {name: asyncio.run(_measured(grounds, name, lengths)) for name in NAMES}
    found = {name: [late for late in all_ if late is not None] for name, all_ in seen.items()}
    half = {name: median(found[name]) for name in NAMES}
    most = {name: quantiles(found[name], n=100)[98] for name in NAMES}
    result = Result(
        what=f"Latency from commit to painted row, {BROWSER_TABS} Chromium tabs beside "
        f"{lengths.few} plain clients",
        beside="NiceGUI",
        reach="median under 30 ms, p99 under 100 ms, ahead of NiceGUI",
        figures={
            f"{title}, {word}": (of[name], "ms")
            for name, title in NAMES.items()
            for word, of in (("median", half), ("p99", most))
        }
        | {f"{NAMES[name]}, never painted": (all_.count(None), "") for name, all_ in seen.items()},
        reached=None not in seen["desk"]
        and half["desk"] < 30
        and most["desk"] < 100
        and half["desk"] < half["nicegui"]
        and most["desk"] < most["nicegui"],
        series={title: sorted(found[name]) for name, title in NAMES.items()},
    )
    yield result if not options.quick else result.unjudged()


async def _measured(grounds: Grounds, name: str, lengths: Lengths) -> list[float | None]:
    server, file = getattr(grounds, name)()
    await asyncio.to_thread(server.start)
    try:
        async with (
            Hand(file, grounds.redis_url) as hand,
            Crowd() as crowd,
            async_playwright() as pw,
        ):
            is_desk = name == "desk"
            cookie = await signed_in(server.address, MARIA, PASSWORD) if is_desk else ""
            path = VIEW if is_desk else "/"
            await crowd.open(server.name, server.address, [path] * lengths.few, cookie)
            browser = await pw.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            address, read = f"{server.address}{path}", DESK_ROWS if is_desk else NICEGUI_ROWS
            pages = [await opened(browser, address, cookie, read) for _ in range(BROWSER_TABS)]
            await asyncio.sleep(SETTLE_SECONDS)
            done = await hand.do(hand.plan(lengths.changes), lengths.rate)
            await asyncio.sleep(SETTLE_SECONDS)
            latencies = [late for page in pages for late in await _latencies(page, done)]
            await browser.close()
            return latencies
    finally:
        await asyncio.to_thread(server.stop)


async def opened(browser: Browser, address: str, cookie: str, read: str) -> Page:
    """A page with its rows, which notes when each of them is painted anew."""
    context = await browser.new_context(viewport=WINDOW, bypass_csp=True)
    await sign_in(context, address, cookie)
    page = await context.new_page()
    await page.goto(address)
    selector = DESK_ROW if cookie else NICEGUI_ROW
    await page.locator(selector).nth(PAGE - 1).wait_for(timeout=60_000)
    await page.evaluate(OBSERVE, read)
    return page


async def sign_in(context: Any, address: str, cookie: str) -> None:
    """Give the browser the session's cookie."""
    if cookie:
        name, value = cookie.split("=", 1)
        # A cookie of the page's own path would not go along with its socket.
        everywhere = {"domain": urlsplit(address).hostname, "path": "/"}
        await context.add_cookies([{"name": name, "value": value, **everywhere}])


async def _latencies(page: Page, done: list[Step]) -> list[float | None]:
    """Milliseconds from each change; None for one that the page did not paint before the next of its case."""
    painted = await page.evaluate("window.painted")
    # The page's clock may have run apart from the system's since it was opened.
    offset = await page.evaluate(OFFSET)
    to_wall = (time.time() - time.monotonic()) * 1000
    found: list[float | None] = []
    for step in done:
        committed = step.committed_at * 1000 + to_wall
        wanted = (str(step.case_id), step.status.value)
        shown = [at + offset - committed for *what, at in painted if tuple(what) == wanted]
        found.append(min((late for late in shown if late > -5), default=None))
    return found
