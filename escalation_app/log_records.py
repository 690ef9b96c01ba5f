"""What a line of the log may hold, whoever wrote what is in it.

It is one line of limited length, without sessions; of an exception its type and its places.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from escalation_app import request_context
from escalation_app.settings import settings

LONGEST_LINE = 4_000
# Of ours, from either end; and of whatever was raised, where.
MOST_FRAMES = 20
LAST_FRAMES = 4
MOST_EXCEPTIONS = 12
OURS = "escalation_app"
# Their texts are their own: what the server and the migrations do. Only the first line of it.
KNOWN = ("_granian", "alembic")
WITHHELD = "(a library's text, which may quote anybody; the location says which)"


class SafeRecord(logging.LogRecord):
    """A record whose message is safe to print. Its traceback is part of the message: each handler

    would else print it in its own way, and an exception's text may quote anything.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        error = self.exc_info[1] if isinstance(self.exc_info, tuple) else None
        self.exception_lines = list(_told(error)) if error else []
        self.exc_info = None
        context = request_context.current() or request_context.of(error)
        self.context_fields: dict[str, str | int] = context.fields if context else {}

    @property
    def sentence(self) -> str:
        return one_line(super().getMessage())

    def getMessage(self) -> str:  # noqa: N802 - the library's name
        return "".join([self.sentence, *(f"\n    | {line}" for line in self.exception_lines)])


class OursRecord(SafeRecord):
    """The same where people are served: what is not ours is told by its place alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._source = str(self.name).split(".")[0]
        if self._source not in (OURS, *KNOWN):
            self.context_fields["location"] = f"{_short(self.pathname)}:{self.lineno}"

    @property
    def sentence(self) -> str:
        if self._source == OURS:
            return super().sentence
        if self._source in KNOWN:
            return super().sentence.split("\\n")[0]
        # What is filled in later is a text of the library's own; what is filled in may be anybody's.
        return one_line(str(self.msg)) if self.args else WITHHELD


def one_line(text: str) -> str:
    """The text without sessions, with line breaks and control characters written out."""
    cut = (
        text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}… ({len(text):,} characters)"
    )
    return "".join(char if char.isprintable() else _written_out(char) for char in _discreet(cut))


def _written_out(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _discreet(text: str) -> str:
    return re.sub(rf"{re.escape(settings().cookie_name)}=[^\s;'\"]+", "(a session)", text)


def _told(error: BaseException) -> Iterator[str]:
    """Each exception of the chain, what was raised last at the end; then where it came from."""
    for number, one in enumerate(reversed(_chain(error))):
        if number:
            yield "then:"
        yield from _places(traceback.extract_tb(one.__traceback__))
        yield one_line(_named(one))


def _places(frames: Sequence[traceback.FrameSummary]) -> Iterator[str]:
    """Where ours had a part in it, and what it came to in the libraries that they called."""
    left_out = 0
    ours = [number for number, frame in enumerate(frames) if OURS in Path(frame.filename).parts]
    told = {
        *ours[:MOST_FRAMES],
        *ours[-MOST_FRAMES:],
        *range(len(frames) - LAST_FRAMES, len(frames)),
    }
    for number, frame in enumerate(frames):
        if number not in told:
            left_out += 1
            continue
        if left_out:
            yield f"({left_out} more)"
            left_out = 0
        yield one_line(f"{_short(frame.filename)}:{frame.lineno} in {frame.name}")


def _chain(error: BaseException) -> list[BaseException]:
    """From what was raised last back to what was raised first."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain and len(chain) < MOST_EXCEPTIONS:
        chain.append(following)
        silenced = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or silenced
    return chain


def _named(error: BaseException) -> str:
    """Its type, and its sentence only where the type says that it holds nothing of anybody."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, BaseExceptionGroup):
        return f"{name} of {', '.join(_named(one) for one in error.exceptions[:MOST_EXCEPTIONS])}"
    return f"{name}: {error}" if getattr(type(error), "may_be_logged", False) else name


def _short(file: str) -> str:
    """A file's path from its package on: where the desk is installed is nobody's business."""
    parts = Path(file).parts
    for mark in ("site-packages", "lib"):
        if mark in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(mark) :])
    return "/".join(parts[parts.index(OURS) :]) if OURS in parts else file
