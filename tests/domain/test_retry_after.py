"""Retry-After: seconds or a date, a day at the most; nonsense and the past ask for nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.retry_after import LONGEST_WAIT, wait_asked_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 007 ", timedelta(seconds=7)),
        ("86400", LONGEST_WAIT),
        ("86401", LONGEST_WAIT),
        ("9" * 5_000, LONGEST_WAIT),
        ("Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sunday, 01-Mar-26 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 14:05:00 +0200", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 12:05:00 -0000", timedelta(minutes=5)),
        ("Fri, 01 Mar 2126 12:00:00 GMT", LONGEST_WAIT),
    ],
)
def test_seconds_and_dates_are_understood(written: str, wait: timedelta) -> None:
    assert wait_asked_for(written, NOON) == wait


@pytest.mark.parametrize(
    "written",
    ["", "0", "-5", "1.5", "soon", "²", "Sun, 01 Mar 2026 11:59:59 GMT", "Mon, 01 Jan 0001 00:00"],
)
def test_nonsense_and_the_past_ask_for_nothing(written: str) -> None:
    assert wait_asked_for(written, NOON) is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))
def test_a_date_is_the_time_until_then_within_a_day(at: datetime) -> None:
    at = at.replace(microsecond=0)
    expected = min(at - NOON, LONGEST_WAIT) if at > NOON else None
    assert wait_asked_for(format_datetime(at, usegmt=True), NOON) == expected


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]?\d*"))
def test_whatever_is_written_is_a_wait_of_a_day_at_most_or_none(written: str) -> None:
    wait = wait_asked_for(written, NOON)
    assert wait is None or timedelta() < wait <= LONGEST_WAIT
