"""Whether a connection that lay idle still leads to a database. One just used is not asked again."""

import time
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, event
from sqlalchemy.exc import InvalidatePoolError

# Asking takes as long as a statement or three. Who finds the database gone in this time is told so,
# and the pool makes all its connections anew.
IDLE_SECONDS = 1.0
_IDLE_SINCE = "desk_idle_since"
# When a pool was last in doubt.
_doubted: WeakKeyDictionary[Pool, float] = WeakKeyDictionary()


def doubt(engine: Engine) -> None:
    """One connection leads nowhere any more: those in the pool now are asked, however short they idle."""
    _doubted[engine.pool] = time.monotonic()


def ask_idle_connections(engine: Engine) -> None:
    """Before one of them is used, all are made anew if it leads nowhere any more."""

    def note(_connection: Any, record: Any) -> None:
        record.info[_IDLE_SINCE] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        idle_since = record.info.get(_IDLE_SINCE)
        if idle_since is None:
            return
        asked_after = max(time.monotonic() - IDLE_SECONDS, _doubted.get(engine.pool, 0.0))
        if idle_since > asked_after:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)
