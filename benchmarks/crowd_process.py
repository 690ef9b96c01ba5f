"""The process that the plain tabs live in: it takes a command per line and answers with a line."""

import asyncio
import json
import sys
import time
from typing import Any

from benchmarks.tabs import KINDS, Tab

# Signing a crowd in one by one would take long, all at once would be another benchmark.
AT_ONCE = 20


class Crowd:
    def __init__(self) -> None:
        self.tabs: list[Tab] = []

    async def open(self, kind: str, address: str, paths: list[str], cookie: str) -> int:
        """One tab per path, added to those that are open."""
        turn = asyncio.Semaphore(AT_ONCE)
        new = [KINDS[kind](address, path, cookie) for path in paths]

        async def come_in(tab: Tab) -> None:
            async with turn:
                await tab.open()

        await asyncio.gather(*(come_in(tab) for tab in new))
        self.tabs += new
        return len(self.tabs)

    async def watch(self, expected: list[tuple[int, str]]) -> None:
        """From now on, note when each tab sees each of these changes."""
        for tab in self.tabs:
            tab.begin([(case_id, status) for case_id, status in expected])

    async def report(self) -> list[dict[str, Any]]:
        return [tab.report for tab in self.tabs]

    async def stay(self) -> None:
        """From now on the tabs come back when their line breaks."""
        for tab in self.tabs:
            tab.stays = True

    async def wait_for_return(self, since: float) -> list[float]:
        """When each tab had its list again, for those who lost it after that moment."""
        async with asyncio.timeout(120):
            # Looked at again and again: a tab may lose its list once more.
            while not all(tab.has_list.is_set() and tab.listed_at > since for tab in self.tabs):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return [tab.listed_at for tab in self.tabs]

    async def statuses(self) -> list[dict[int, str]]:
        return [tab.statuses for tab in self.tabs]

    async def close(self) -> None:
        await asyncio.gather(*(tab.close() for tab in self.tabs))
        self.tabs.clear()


async def main() -> None:
    crowd, loop = Crowd(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        begun = time.monotonic()
        try:
            answer = await getattr(crowd, command.pop("do"))(**command)
            said = {"answer": answer, "took": time.monotonic() - begun}
        except Exception as error:
            said = {"error": repr(error)}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
