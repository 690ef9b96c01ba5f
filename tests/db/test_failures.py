"""What whoever writes is told when it goes wrong: that nothing was done, or that nobody can say."""

import pytest
from asyncpg import exceptions as postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from escalation_app.db.failures import kept_at_once
from escalation_app.domain.refusals import DeskUnavailable, DiskFull, OutcomeUnknown, Refusal

LOST = [
    postgresql.ConnectionDoesNotExistError,
    postgresql.AdminShutdownError,
    postgresql.CrashShutdownError,
    postgresql.QueryCanceledError,
    postgresql.StatementCompletionUnknownError,
    postgresql.InternalClientError,
    ConnectionResetError,
    TimeoutError,
]
SAID = [
    postgresql.LockNotAvailableError,
    postgresql.DeadlockDetectedError,
    postgresql.SerializationError,
    postgresql.TooManyConnectionsError,
]


@pytest.mark.parametrize("error", LOST)
def test_whoever_loses_the_answer_is_told_that_nobody_can_say(error: type[Exception]) -> None:
    assert told(error) is OutcomeUnknown


@pytest.mark.parametrize("error", SAID)
def test_whom_the_database_turns_away_is_told_that_nothing_was_changed(
    error: type[Exception],
) -> None:
    assert told(error) is DeskUnavailable


def test_a_full_disk_has_its_own_sentence() -> None:
    assert told(postgresql.DiskFullError) is DiskFull


def test_another_hand_that_was_first_is_no_failure() -> None:
    with pytest.raises(IntegrityError), kept_at_once():
        raise IntegrityError("INSERT", {}, postgresql.UniqueViolationError("taken"))


def told(error: type[Exception]) -> type[Refusal]:
    """As it comes from the driver: errors of the database are wrapped, those of a line are not."""
    raw = error("went wrong")
    raised = raw if isinstance(raw, OSError) else DBAPIError("UPDATE", {}, raw)
    with pytest.raises(Refusal) as refused, kept_at_once():
        raise raised
    return refused.type
