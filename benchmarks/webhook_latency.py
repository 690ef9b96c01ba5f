"""From a committed change to the POST at its receiver, beside a bare POST to the same receiver.

    python -m benchmarks.webhook_latency [--events 200]

Everything is real but the network between machines: SQLite in a file, the bus in memory, the lane
of deliveries, TLS with a certificate of our own. It prints milliseconds.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from sqlmodel import SQLModel

from escalation_app.db.engine import Database
from escalation_app.domain.vocabulary import Queue
from escalation_app.integrations.bus import MemoryBus
from escalation_app.integrations.vault import FernetVault
from escalation_app.integrations.webhooks.sender import HttpxSender
from escalation_app.services.desk import Desk
from escalation_app.settings import Settings
from escalation_app.workers import listener
from escalation_app.workers.deliveries import Lane
from tests.cast import SEALER, a_case, gather_cast, id_of
from tests.servers.webhook_receiver import WebhookReceiver
from tests.services.webhooks import switched_on

PAUSE_SECONDS = 0.02


async def deliveries(receiver: WebhookReceiver, sender: HttpxSender, events: int) -> list[float]:
    """Milliseconds from the commit's answer to the arrival, event by event."""
    with tempfile.TemporaryDirectory() as directory:
        bus = MemoryBus()
        desk = Desk(
            Database(f"sqlite:///{directory}/desk.db"), vault=FernetVault("a key"), sealer=SEALER
        )
        async with desk.database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        cast = await gather_cast(desk)
        await switched_on(desk, cast, url=receiver.url("/hook"))
        desk.announce = bus.announce
        lane = Lane(desk, sender, Queue.PUBLISHED)
        tasks = [
            asyncio.create_task(listener.run(bus, [lane.wake])),
            asyncio.create_task(lane.run()),
        ]
        committed = {}
        for _ in range(events):
            case = await a_case(desk, cast)
            committed[id_of(case)] = time.time()
            await asyncio.sleep(PAUSE_SECONDS)
        arrived = await asyncio.to_thread(receiver.wait_for, events, "/hook", 60)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await desk.database.close()
    return [
        (one.at - committed[json.loads(one.body)["data"]["escalation"]["id"]]) * 1000
        for one in arrived
    ]


async def bare_posts(receiver: WebhookReceiver, sender: HttpxSender, events: int) -> list[float]:
    """The same requests with nothing before them."""
    took = []
    for number in range(events):
        began = time.time()
        await sender.send(receiver.url("/bare"), {}, b"x" * 900)
        took.append((receiver.requests_at("/bare")[number].at - began) * 1000)
        await asyncio.sleep(PAUSE_SECONDS)
    return took


async def measure(events: int) -> None:
    with WebhookReceiver() as receiver:
        networks = receiver.environment["ESCALATION_WEBHOOK_ALLOWED_NETWORKS"]
        allowed = Settings(webhook_allowed_networks=networks).webhook_allowed_networks
        sender = HttpxSender(allowed, Path(receiver.ca_file))
        await bare_posts(receiver, sender, 5)
        receiver.forget()
        bare = await bare_posts(receiver, sender, events)
        ours = await deliveries(receiver, sender, events)
    _tell("bare POST", bare)
    _tell("commit to POST", ours)
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"{'ratio of the medians':<24}{ratio:>8.1f}")


def _tell(what: str, took: list[float]) -> None:
    ordered = sorted(took)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"{what:<24}median {statistics.median(took):>7.1f}  p95 {p95:>7.1f}  max {ordered[-1]:>7.1f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200)
    asyncio.run(measure(parser.parse_args().events))
