"""What a failure of the database means for whoever asked."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from escalation_app import measures
from escalation_app.domain.refusals import DeskUnavailable, DiskFull

# Nothing but the database is spoken to within a transaction, so an OSError is the database's.
FAILURES = (DBAPIError, PoolTimeout, OSError)
# Of PostgreSQL, in the class "insufficient resources".
DISK_FULL = "53100"


def refusal_of(error: Exception) -> DeskUnavailable:
    """Why nothing was done, as a sentence for a person."""
    is_full = is_disk_full(error)
    measures.database_failures.labels("full" if is_full else "unavailable").inc()
    return DiskFull() if is_full else DeskUnavailable()


def is_disk_full(error: Exception) -> bool:
    """Whether the database says so itself. It has rolled back what it could not write."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(cause, "sqlstate", None) == DISK_FULL
