"""What a failure of the database means for whoever asked."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from escalation_app import measures
from escalation_app.domain.refusals import DeskUnavailable, DiskFull, OutcomeUnknown, Refusal

# Within a transaction only the database is spoken to; what the push sends meanwhile goes into queues in
# memory. So an OSError is the database's.
FAILURES = (DBAPIError, PoolTimeout, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
# Another hand was first: an answer, not a failure.
CONFLICTS = (IntegrityError, asyncpg.IntegrityConstraintViolationError)
# Of PostgreSQL, in the class "insufficient resources".
DISK_FULL = "53100"
# It says itself that it has rolled back: for want of resources, a lock in time, or a way out of a
# conflict. Of that last class, "40", one says that it does not know.
NOT_DONE = ("53", "55", "40000", "40001", "40002", "40P01")


def refusal_of(error: Exception) -> DeskUnavailable:
    """Why nothing was done, as a sentence for a person."""
    is_full = is_disk_full(error)
    measures.database_failures.labels("full" if is_full else "unavailable").inc()
    return DiskFull() if is_full else DeskUnavailable()


def refusal_of_writing(error: Exception) -> Refusal:
    """The same for what may have been done on another machine all the same, as its answer is lost."""
    if is_disk_full(error) or (_sqlstate(error) or "").startswith(NOT_DONE):
        return refusal_of(error)
    measures.database_failures.labels("unknown").inc()
    return OutcomeUnknown()


@contextmanager
def kept_at_once() -> Iterator[None]:
    """Around a statement that is its own transaction: with its answer it is done.

    Raises:
        DeskUnavailable: The database says that nothing was changed.
        OutcomeUnknown: It said nothing any more.
    """
    try:
        yield
    except CONFLICTS:
        raise
    except FAILURES as error:
        raise refusal_of_writing(error) from error


def is_disk_full(error: Exception) -> bool:
    """Whether the database says so itself. It has rolled back what it could not write."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return _sqlstate(error) == DISK_FULL


def _sqlstate(error: Exception) -> str | None:
    return getattr(_cause(error), "sqlstate", None)


def _cause(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error
