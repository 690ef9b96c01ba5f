"""A crowd of plain tabs in a process of its own, so that its CPU is not taken for the server's."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any, Self

from benchmarks.hand import PROJECT, Step

LONGEST_ANSWER = 2**28


class Crowd:
    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.crowd_process",
            cwd=PROJECT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_ANSWER,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._process.wait()

    async def open(self, kind: str, address: str, paths: Sequence[str], cookie: str = "") -> None:
        await self._ask("open", kind=kind, address=address, paths=list(paths), cookie=cookie)

    async def watch(self, steps: Sequence[Step]) -> None:
        await self._ask("watch", expected=[(step.case_id, step.status.value) for step in steps])

    async def report(self) -> list[dict[str, Any]]:
        reported: list[dict[str, Any]] = await self._ask("report")
        return reported

    async def stay(self) -> None:
        await self._ask("stay")

    async def wait_for_return(self, since: float) -> list[float]:
        times: list[float] = await self._ask("wait_for_return", since=since)
        return times

    async def statuses(self) -> list[dict[str, str]]:
        read: list[dict[str, str]] = await self._ask("statuses")
        return read

    async def close(self) -> None:
        await self._ask("close")

    async def _ask(self, do: str, **more: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        await self._process.stdin.drain()
        answer = json.loads(await self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"the tabs could not {do}: {answer['error']}")
        return answer["answer"]
