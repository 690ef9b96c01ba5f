"""Every log line is one line of limited length, without sessions, whoever wrote what is in it."""

import logging
import re
import traceback
from types import TracebackType
from typing import Any

from escalation_app.settings import settings

LONGEST_LINE = 4_000
LONGEST_TRACEBACK = 12_000
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def install() -> None:
    """For all loggers of this process, the libraries' too."""
    logging.setLogRecordFactory(SafeRecord)


class SafeRecord(logging.LogRecord):
    """A record whose message is safe to print. Its traceback is part of the message: each handler

    would else print it in its own way, and an exception's text may quote anything.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._trace = ""
        if isinstance(self.exc_info, tuple) and self.exc_info[1] is not None:
            self._trace = _traced(self.exc_info[1])
            self.exc_info = None

    def getMessage(self) -> str:  # noqa: N802 - the library's name
        return f"{one_line(super().getMessage())}{self._trace}"


def one_line(text: str) -> str:
    """The text without sessions, with line breaks and control characters written out."""
    cut = (
        text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}… ({len(text):,} characters)"
    )
    return "".join(char if char.isprintable() else _written_out(char) for char in _discreet(cut))


def _written_out(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _traced(exception: BaseException) -> str:
    """Each line is marked, so that none can pass for a line of the log."""
    whole = "".join(traceback.format_exception(exception))
    if len(whole) > LONGEST_TRACEBACK:
        # What was raised stands at the end, where it was caught at the beginning.
        whole = f"{whole[: LONGEST_TRACEBACK // 2]}\n…\n{whole[-LONGEST_TRACEBACK // 2 :]}"
    return "".join(f"\n    | {one_line(line)}" for line in whole.splitlines())


def _discreet(text: str) -> str:
    return re.sub(rf"{re.escape(settings().cookie_name)}=[^\s;'\"]+", "(a session)", text)
