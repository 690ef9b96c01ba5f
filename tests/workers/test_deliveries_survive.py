"""Killed again and again between commit, send and mark, the desk loses nothing."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from escalation_app.domain.delivery import Delivery
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.integrations.vault import FernetVault
from escalation_app.services.desk import Desk
from tests.cast import Cast
from tests.servers.webhook_receiver import WebhookReceiver
from tests.services.webhooks import switched_on

# On each of the two databases.
KILLS = 25
HOOK = "/hook"
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as running:
        yield running


class Desks:
    """Processes of the desk, one after the other."""

    def __init__(self, database_url: str, receiver: WebhookReceiver) -> None:
        self._environment = os.environ | {"DATABASE_URL": database_url} | dict(receiver.environment)
        # Cases whose commit was answered.
        self.committed: set[int] = set()

    def live_for(self, seconds: float, name: str) -> None:
        """Start one, let it work for so long, kill it."""
        process = self._started(name)
        assert process.stdout is not None
        self._note(process.stdout.readline())
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        for line in process.stdout:
            self._note(line)
        process.wait()

    def drainer(self) -> subprocess.Popen[str]:
        return self._started("drain", "--drain")

    def _started(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.servers.delivering", *arguments],
            cwd=PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _note(self, line: str) -> None:
        # The last line may have been cut in the middle by the kill.
        with suppress(ValueError):
            if line.endswith("\n"):
                self.committed.add(int(line))


async def unsent(desk: Desk) -> int:
    async with desk.database.reading() as session:
        query = select(Delivery.id).where(Delivery.status != "delivered")
        return len((await session.execute(query)).all())


async def test_killed_at_random_moments_nothing_is_lost_and_a_duplicate_has_the_same_id(
    desk: Desk, cast: Cast, database_url: str, receiver: WebhookReceiver
) -> None:
    desk.vault = FernetVault("tests' key")
    await switched_on(desk, cast, url=receiver.url(HOOK))
    desks, chance = Desks(database_url, receiver), random.Random(7)
    for number in range(KILLS):
        await asyncio.to_thread(desks.live_for, chance.uniform(0, 0.4), f"life-{number}")
    last = desks.drainer()
    async with asyncio.timeout(60):
        while True:
            if await unsent(desk) == 0:
                break
            await asyncio.sleep(0.1)
    last.kill()
    last.wait()
    async with desk.database.reading() as session:
        facts = {row[0] for row in await session.execute(select(TimelineEntry.id))}
        told = {
            row[0]: row[1:]
            for row in await session.execute(
                select(
                    Delivery.message_id, Delivery.entry_id, Delivery.escalation_id, Delivery.body
                )
            )
        }
    heard = receiver.requests_at(HOOK)
    # Each fact has become one delivery, and each delivery was heard.
    assert {entry_id for entry_id, _, _ in told.values()} == facts
    assert {one.headers["webhook-id"] for one in heard} == set(told)
    assert desks.committed <= {case_id for _, case_id, _ in told.values()}
    # Whoever heard one twice heard the same message.
    for one in heard:
        assert one.body.decode() == told[one.headers["webhook-id"]][2]
