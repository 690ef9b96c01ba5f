"""The list as a file: one row per case, sent page by page."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

from fastapi.responses import StreamingResponse

from escalation_app.api import wire
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.vocabulary import Queue

Pages = AsyncIterator[Sequence[Escalation]]
RESOLUTION = tuple(wire.Resolution.model_fields)
COLUMNS = (*(name for name in wire.Escalation.model_fields if name != "resolution"), *RESOLUTION)
# What makes a spreadsheet calculate instead of show, full-width forms too.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# Where a list's separator is another one, a cell begins there too.
BEGINS_LATER = re.compile(r"([;\t\r\n][\s\"]*)([=+\-@＝＋－＠])")
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
DESCRIBED: dict[str, Any] = {
    "description": "A file",
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        "application/jsonl": {"schema": {"type": "string"}},
    },
}


async def begun(pages: Pages) -> Pages:
    """The same pages, the first of them read: what fails there fails before anything is answered."""
    first = await anext(pages)

    async def all_of_them() -> Pages:
        yield first
        async for page in pages:
            yield page

    return all_of_them()


def stream(pages: Pages, kind: Literal["csv", "jsonl"], queue: Queue) -> StreamingResponse:
    lines = _csv(pages) if kind == "csv" else _json_lines(pages)
    name = f"escalations-{queue.value}.{kind}"
    return StreamingResponse(
        lines,
        media_type=MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _csv(pages: Pages) -> AsyncIterator[str]:
    yield _lines([COLUMNS])
    async for page in pages:
        yield _lines([[harmless(cell) for cell in _cells(case)] for case in page])


async def _json_lines(pages: Pages) -> AsyncIterator[str]:
    async for page in pages:
        rows = (wire.Escalation.of(case).model_dump(mode="json") for case in page)
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    cell = BEGINS_LATER.sub(r"\1'\2", cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _cells(case: Escalation) -> list[str]:
    row = wire.Escalation.of(case).model_dump(mode="json")
    row |= row.pop("resolution") or {}
    values = (row.get(name) for name in COLUMNS)
    return ["" if value is None else str(value) for value in values]


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
