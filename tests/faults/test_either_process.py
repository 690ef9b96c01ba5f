"""Two processes serve the desk as one: what is true on one is true on the other, and done once."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime

import httpx
from redis.asyncio import Redis
from sqlmodel import col, update

from escalation_app.db.engine import Database
from escalation_app.domain.escalation import Escalation
from escalation_app.integrations.bus import CHANNEL
from tests.clients.plain_tab import PlainTab, signed_in
from tests.faults.crowd import all_equal
from tests.faults.lines import worker_of
from tests.faults.shift import Shift
from tests.faults.truth import truth_of
from tests.faults.webhooks import HOOK, tells_of_cases
from tests.servers.program import Program
from tests.servers.redis_server import RedisServer
from tests.servers.webhook_receiver import WebhookReceiver

# The kernel gives each line to one of the two: all on one has a chance of 1 in 2,000.
TABS = 12
SOON = 5.0
CASES = 10
# Each process looks for overdue cases every five seconds.
BOTH_HAVE_LOOKED = 5.5


async def test_a_claim_on_one_process_shows_on_the_other_and_a_sign_out_ends_the_tabs_of_both(
    two_workers: Program,
) -> None:
    address = two_workers.address
    async with Shift(address) as shift, truth_of(two_workers.database_url) as truth:
        case_id = await shift.a_case_comes()
        admins, marias = await signed_in(address, "admin"), await signed_in(address, "maria")
        hers = PlainTab(address, marias, shift.path)
        his = [PlainTab(address, admins, shift.path) for _ in range(TABS)]
        try:
            await asyncio.gather(*(tab.open() for tab in (hers, *his)))
            assert {worker_of(two_workers, tab) for tab in his} == set(two_workers.workers)
            await shift.through_a_tab(hers, case_id)
            await all_equal([hers, *his], truth, SOON)
            async with httpx.AsyncClient(headers={"Cookie": admins}) as client:
                await client.post(f"{address}/auth/sign-out")
            async with asyncio.timeout(SOON):
                while True:
                    if all(tab.is_signed_out for tab in his):
                        break
                    await asyncio.sleep(0.1)
            assert hers.indicator == "Connected"
            assert not hers.is_signed_out
        finally:
            await asyncio.gather(*(tab.close() for tab in (hers, *his)))


async def test_redis_is_told_no_sessions_secret(
    two_workers: Program, redis_server: RedisServer
) -> None:
    cookie = await signed_in(two_workers.address, "maria")
    name, _, secret = cookie.partition("=")
    async with Shift(two_workers.address) as shift, Redis.from_url(redis_server.url) as redis:
        tab = PlainTab(two_workers.address, cookie, shift.path)
        await tab.open()
        try:
            await shift.through_a_tab(tab, await shift.a_case_comes())
            kept = [await redis.get(key) for key in await redis.keys(f"*{tab.token}*")]
        finally:
            await tab.close()
    # The states are there, with a cookie.
    assert any(name.encode() in state for state in kept if state)
    assert not any(secret.encode() in state for state in kept if state)


async def test_each_process_listens_once(two_workers: Program, redis_server: RedisServer) -> None:
    for tab in range(3):
        cookie = await signed_in(two_workers.address, "maria")
        async with PlainTab(two_workers.address, cookie):
            assert redis_server.subscribers(CHANNEL) == len(two_workers.workers), tab


async def test_what_nobody_does_is_done_once(
    two_workers: Program, receiver: WebhookReceiver
) -> None:
    """Both processes look for what is overdue and for what is to be delivered."""
    receiver.forget()
    await tells_of_cases(two_workers, receiver.url(HOOK))
    async with Shift(two_workers.address) as shift:
        case_ids = [await shift.a_case_comes() for _ in range(CASES)]
        database = Database(two_workers.database_url)
        async with database.transaction() as session:
            late = update(Escalation).where(col(Escalation.id).in_(case_ids))
            await session.execute(late.values(due_at=datetime.now(UTC)))
        await database.close()
        await asyncio.to_thread(receiver.wait_for, 2 * CASES, HOOK, 20)
        await asyncio.sleep(BOTH_HAVE_LOOKED)
        for case_id in case_ids:
            assert await shift.kinds_of(case_id) == ["escalated", "overdue"]
    told = receiver.requests_at(HOOK)
    # Other cases may pass their target just now.
    about_these = [
        one for one in told if json.loads(one.body)["data"]["escalation"]["id"] in case_ids
    ]
    heard = Counter(one.headers["webhook-id"] for one in about_these)
    assert set(heard.values()) == {1}
    assert len(heard) == 2 * CASES
    await tells_of_cases(two_workers, "")
