"""Many tabs for minutes; `python -m benchmarks.soak` does the same with 500 for half an hour."""

import asyncio

import pytest

from benchmarks.servers import standing
from benchmarks.soak import soak


@pytest.mark.long
def test_a_hundred_tabs_for_minutes_lose_no_push_and_the_memory_stays_flat() -> None:
    with standing(cases=100) as grounds:
        found = asyncio.run(soak(grounds, tabs=100, minutes=3, rate=5))
    assert (found.lost, found.wrong) == (0, 0)
    assert abs(found.growth) <= 0.05
