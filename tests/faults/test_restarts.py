"""Workers are killed and replaced under a hundred tabs, and the tabs hardly notice."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.clients.plain_tab import PlainTab
from tests.clients.waiting import until
from tests.faults.crowd import all_equal, crowd
from tests.faults.lines import listeners
from tests.faults.shift import Shift
from tests.faults.truth import Truth, truth_of
from tests.servers.program import Program

TABS, WORKERS = 100, 2
LIVE_AGAIN_SECONDS = 5.0
# Both workers have ended by themselves by then, on a busy machine too.
REPLACED_SECONDS = 60.0
ONCE = ["escalated", "claimed", "completed"]


def runs(process: int) -> bool:
    """One that has ended has no program, though its parent may not have heard of it."""
    return Path(f"/proc/{process}/exe").exists()


@asynccontextmanager
async def a_busy_desk(program: Program) -> AsyncIterator[tuple[Shift, Truth, list[PlainTab]]]:
    """What is not answered meanwhile is sent again."""
    async with (
        Shift(program.address, patience=20) as shift,
        truth_of(program.database_url) as truth,
    ):
        await shift.a_case_comes()
        async with crowd(program.address, TABS, shift.path, "/queue/published") as tabs:
            yield shift, truth, tabs


async def test_the_tabs_of_a_killed_worker_are_live_again_on_the_other_with_all_that_happened(
    two_workers: Program,
) -> None:
    async with a_busy_desk(two_workers) as (shift, truth, tabs):
        two_workers.kill_a_worker()
        killed_at = time.monotonic()
        for _ in range(3):
            await shift.through_the_api(await shift.a_case_comes())
        await all_equal(tabs, truth, LIVE_AGAIN_SECONDS - (time.monotonic() - killed_at))
        # Otherwise nothing was tried.
        assert any(tab.connections > 1 for tab in tabs)
        assert not any(tab.is_signed_out for tab in tabs)


async def test_a_rolling_restart_loses_no_update_and_each_claim_happens_once(
    two_workers: Program,
) -> None:
    async with a_busy_desk(two_workers) as (shift, truth, tabs):
        old, over, fewest = set(two_workers.workers), asyncio.Event(), listeners(two_workers)
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(shift.goes_on_until(over))
            two_workers.restart_its_workers()
            async with asyncio.timeout(REPLACED_SECONDS):
                while True:
                    fewest = min(fewest, listeners(two_workers))
                    if not old & set(two_workers.workers):
                        break
                    await asyncio.sleep(0.02)
            over.set()
        await all_equal(tabs, truth, LIVE_AGAIN_SECONDS)
        assert not any(tab.is_signed_out for tab in tabs)
        # Nobody went before their successor was there.
        assert (fewest, shift.turned_away) == (WORKERS, 0)
        # A worker that dies of being told to end leaves undone what the others wait for.
        assert "panicked" not in two_workers.log.read_text()
        for case_id in {done.case_id for done in shift.done[1:]}:
            assert await shift.kinds_of(case_id) == ONCE


async def a_successor(program: Program, old: list[int]) -> int:
    """Its number, as soon as it is there."""
    await until(lambda: set(program.workers) - set(old), REPLACED_SECONDS)
    return (set(program.workers) - set(old)).pop()


@pytest.mark.long
async def test_a_successor_that_dies_at_once_replaces_nobody(two_workers: Program) -> None:
    old = two_workers.workers
    async with a_busy_desk(two_workers) as (_, truth, tabs):
        two_workers.restart_its_workers()
        os.kill(await a_successor(two_workers, old), signal.SIGKILL)
        await asyncio.sleep(1)
        assert old[0] in two_workers.workers
        await all_equal(tabs, truth, LIVE_AGAIN_SECONDS)


@pytest.mark.parametrize("which", [0, 1], ids=["the one that is replaced", "the other one"])
async def test_a_worker_that_dies_while_a_successor_starts_ends_nothing(
    two_workers: Program, which: int
) -> None:
    old = two_workers.workers
    two_workers.restart_its_workers()
    await a_successor(two_workers, old)
    os.kill(old[which], signal.SIGKILL)
    await until(lambda: not set(old) & set(two_workers.workers), REPLACED_SECONDS)
    await until(lambda: listeners(two_workers) == WORKERS, REPLACED_SECONDS)
    assert two_workers.is_running


async def test_a_successor_that_dies_as_soon_as_it_serves_leaves_no_place_empty(
    two_workers: Program,
) -> None:
    old = two_workers.workers
    two_workers.restart_its_workers()
    new = await a_successor(two_workers, old)
    await until(lambda: listeners(two_workers) > WORKERS, REPLACED_SECONDS)
    os.kill(new, signal.SIGKILL)
    # The other one is replaced all the same.
    await until(lambda: old[1] not in two_workers.workers, REPLACED_SECONDS)
    await until(lambda: listeners(two_workers) == WORKERS, REPLACED_SECONDS)
    assert two_workers.is_running


async def test_workers_that_nobody_looks_after_leave_the_port_to_the_next_desk(
    two_workers: Program,
) -> None:
    old = two_workers.workers
    two_workers.kill_what_looks_after_its_workers()
    # Begun at once, as by whoever supervises it; it has no worker until the port is let go of.
    await asyncio.to_thread(two_workers.start)
    await until(lambda: len(two_workers.workers) == WORKERS, REPLACED_SECONDS)
    assert not any(runs(worker) for worker in old)
    await until(lambda: listeners(two_workers) == WORKERS, REPLACED_SECONDS)


async def test_a_desk_that_is_restarting_ends_within_ten_seconds_too(two_workers: Program) -> None:
    old = two_workers.workers
    two_workers.restart_its_workers()
    await a_successor(two_workers, old)
    assert await asyncio.to_thread(two_workers.end, 10) == 0
