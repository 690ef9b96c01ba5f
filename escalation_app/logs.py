"""The log: lines of JSON for machines or of text for people, safe whoever wrote what is in them.

A line holds no message's text, no secret and nobody's name. Our own code logs none; what libraries
log is not known beforehand, so once people are served only its place is told.
"""

import asyncio
import contextlib
import logging
import sys
import threading
from pathlib import Path
from typing import Any

from escalation_app.log_formats import FORMATTERS
from escalation_app.log_records import OursRecord, SafeRecord
from escalation_app.settings import settings

# What is worth a line besides warnings.
TOLD_AT_INFO = ("escalation_app", "alembic", "_granian")
# Of each line that goes away at a bad moment it has a word to say, and anybody can be one.
TOLD_AS_WARNING = ("_granian.asgi.io",)
log = logging.getLogger(__name__)


def install(*, people_are_served: bool = True) -> None:
    """For all loggers of this process, the libraries' too. Installing it again changes only that.

    While nobody is served, what libraries say is told: nothing of people can be in it.
    """
    logging.setLogRecordFactory(OursRecord if people_are_served else SafeRecord)
    root = logging.getLogger()
    if not any(isinstance(handler, OurHandler) for handler in root.handlers):
        root.addHandler(OurHandler())
    for name in TOLD_AT_INFO:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in TOLD_AS_WARNING:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class OurHandler(logging.StreamHandler[Any]):
    """The one handler: everything goes to standard output, in the one format."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        self.setFormatter(FORMATTERS[settings().log_format]())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """The library would print what was to be filled in."""
        place = (record.pathname, record.lineno)
        told = OursRecord(log.name, logging.ERROR, *place, "a line could not be written", (), None)
        told.context_fields["location"] = f"{Path(record.pathname).name}:{record.lineno}"
        with contextlib.suppress(Exception):
            self.stream.write(self.format(told) + self.terminator)


def told_by_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For an event loop's own errors: it would else write out what its tasks hold."""
    log.error("the event loop: %s", context["message"], exc_info=context.get("exception"))


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: Any) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    log.critical("the process ends", exc_info=error)


def _uncaught_in_thread(failure: threading.ExceptHookArgs) -> None:
    log.error("a thread ends", exc_info=failure.exc_value)
