"""Clients that claim over HTTP, each with a key of its own: one process, as far from the desk as can be.

    python -m benchmarks.api_claimants http://127.0.0.1:3000 --keys k1,k2 --first 1 --each 50

Prints JSON: the milliseconds of each answer, and the seconds that all took.
"""

import argparse
import asyncio
import json
import sys
import time

import httpx
import uvloop

from benchmarks.claimants import case_at

ANSWERS = {200: "won", 409: "refused"}


async def run(given: argparse.Namespace) -> None:
    keys = given.keys.split(",")
    answers: dict[str, list[float]] = {"won": [], "refused": []}

    async def work(client: int, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(
            base_url=given.address, headers=headers, limits=limits, timeout=60
        ) as http:
            # As the clock of each begins, its connection is there, and it is known who they are.
            (await http.get("/api/v1/escalations?limit=1")).raise_for_status()
            await asyncio.sleep(given.pause * client / len(keys))
            for n in range(given.each):
                case = case_at(given.first, client, len(keys), given.hands, n)
                begun = time.perf_counter()
                answer = await http.post(f"/api/v1/escalations/{case}/claim")
                took = time.perf_counter() - begun
                answers[ANSWERS[answer.status_code]].append(took * 1000)
                if given.pause:
                    await asyncio.sleep(max(0, given.pause - took))

    begun = time.perf_counter()
    await asyncio.gather(*(work(client, key) for client, key in enumerate(keys)))
    json.dump(answers | {"seconds": time.perf_counter() - begun}, sys.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--keys", required=True)
    parser.add_argument("--hands", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument(
        "--pause", type=float, default=0, help="Seconds from one claim to the next."
    )
    uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
