"""The two ways in which a line of the log is written."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from escalation_app.settings import LogFormat


class JsonFormatter(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": getattr(record, "sentence", None) or record.getMessage(),
            "pid": record.process,
            **_fields(record),
        }
        if lines := getattr(record, "exception_lines", None):
            line["exception"] = lines
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """For whoever reads along."""

    def format(self, record: logging.LogRecord) -> str:
        told, *exception = record.getMessage().split("\n")
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        ending = f"  [{fields}]" if fields else ""
        first = f"{_time(record)} {record.levelname:<7} {record.name}: {told}{ending}"
        return "\n".join([first, *exception])


FORMATTERS: dict[LogFormat, Callable[[], logging.Formatter]] = {
    LogFormat.JSON: JsonFormatter,
    LogFormat.TEXT: TextFormatter,
}


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What it belongs to, or which of our loops says it, and what was added to it."""
    fields: dict[str, Any] = getattr(record, "context_fields", {}) or _loop()
    return fields | getattr(record, "told", {})


def _loop() -> dict[str, str]:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return {}
    name = task.get_name() if task else ""
    # Others are numbered, and the framework's bear a tab's token.
    return {"loop": name} if name.replace("-", "").isalpha() else {}
