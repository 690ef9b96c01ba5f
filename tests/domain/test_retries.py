from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.retries import SCHEDULE, wait_after


def test_the_schedule_is_the_one_that_was_promised() -> None:
    waits = [wait_after(attempts, 0.5) for attempts in range(1, 10)]
    minutes = [wait / timedelta(minutes=1) for wait in waits if wait]
    assert minutes == pytest.approx([5 / 60, 5, 30, 120, 300, 600, 840, 1_200, 1_440])


def test_after_the_tenth_attempt_nobody_tries_any_more() -> None:
    assert wait_after(10, 0.5) is None


@given(st.integers(1, 9), st.floats(0, 1))
def test_each_wait_is_spread_by_a_fifth_to_either_side(attempts: int, chance: float) -> None:
    wait = wait_after(attempts, chance)
    assert wait is not None
    assert SCHEDULE[attempts] * 0.8 <= wait <= SCHEDULE[attempts] * 1.2


@given(st.integers(1, 9))
def test_the_whole_spread_is_used(attempts: int) -> None:
    assert wait_after(attempts, 0) == SCHEDULE[attempts] * 0.8
    assert wait_after(attempts, 1) == SCHEDULE[attempts] * 1.2
