"""The rows beside the chat: one for each message, newest first, none waiting for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation_app.state.verdicts import (
    KEPT,
    PATIENCE,
    Verdict,
    detecting,
    unjudged,
    with_verdict,
    without_forgotten,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(st.lists(st.integers(1, 80)))
def test_each_message_has_one_verdict_and_the_newest_stands_first(numbers: list[int]) -> None:
    rows: list[Verdict] = []
    for number in numbers:
        rows = with_verdict(rows, unjudged(number, "why"))
        assert number in [row.number for row in rows] or len(rows) == KEPT
    shown = [row.number for row in rows]
    assert shown == sorted(set(numbers), reverse=True)[:KEPT] or len(set(numbers)) > KEPT
    assert len(shown) == len(set(shown)) <= KEPT


def test_who_does_not_answer_in_time_is_not_waited_for() -> None:
    rows = [detecting(2, NOW), detecting(1, NOW - PATIENCE - timedelta(seconds=1))]
    shown = without_forgotten(rows, NOW)
    assert [(row.number, row.kind) for row in shown] == [(2, "detecting"), (1, "unjudged")]
