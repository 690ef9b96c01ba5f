"""A view of a queue page by page, for programs; each page is read by itself."""

import base64
import binascii
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from escalation_app.db import case_lists
from escalation_app.domain.columns import LARGEST_ID
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.position import Position
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue
from escalation_app.services.desk import Desk

EXPORT_PAGE = 500

# Who asks, found anew by what they came with.
AsOfNow = Callable[[], Awaitable[Viewer]]


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` is None on the last page."""

    items: Sequence[Escalation]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where a page ended, and the list that it is a page of."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    format: Literal[1]
    list: str
    position: Position


_CURSOR: TypeAdapter[_Cursor] = TypeAdapter(_Cursor)


async def page(
    desk: Desk, by: Viewer, queue: Queue, chosen: QueueFilter, limit: int, cursor: str = ""
) -> Page:
    """The first page, or the one that a cursor leads to.

    While cases change, none comes twice, and none is left out that stayed in the view.

    Raises:
        NotPermitted
        InvalidInput: The cursor is not one of this list.
    """
    by.must(Permission.VIEW_QUEUE)
    after = _opened(cursor, queue, chosen) if cursor else None
    async with desk.database.reading() as session:
        found = await case_lists.page(
            session, by.scope_in(queue), queue, chosen, by.person_id, limit + 1, after
        )
    items = found[:limit]
    if len(found) <= limit:
        return Page(items, None)
    return Page(items, _sealed(Position.of(items[-1], chosen.view), queue, chosen))


async def every(
    desk: Desk, by: Viewer, as_of_now: AsOfNow, queue: Queue, chosen: QueueFilter
) -> AsyncIterator[Sequence[Escalation]]:
    """All pages, each with the rights that hold when it is read; no transaction is held between them.

    Raises:
        NotPermitted, and what `as_of_now` raises: They are not let in any more.
    """
    found = await page(desk, by, queue, chosen, EXPORT_PAGE)
    yield found.items
    while found.next_cursor is not None:
        by = await as_of_now()
        found = await page(desk, by, queue, chosen, EXPORT_PAGE, found.next_cursor)
        yield found.items


def _sealed(position: Position, queue: Queue, chosen: QueueFilter) -> str:
    text = _CURSOR.dump_json(_Cursor(1, _list_of(queue, chosen), position))
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _opened(cursor: str, queue: Queue, chosen: QueueFilter) -> Position:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        opened = _CURSOR.validate_json(text)
    except (binascii.Error, ValueError, ValidationError):
        raise InvalidInput("cursor", "This cursor is none of ours. Begin without one.") from None
    if opened.list != _list_of(queue, chosen):
        raise InvalidInput(
            "cursor", "This cursor belongs to a list with other filters. Begin without one."
        )
    if opened.position.at.utcoffset() != timedelta(0) or not 0 <= opened.position.id <= LARGEST_ID:
        raise InvalidInput("cursor", "This cursor is none of ours. Begin without one.")
    return opened.position


def _list_of(queue: Queue, chosen: QueueFilter) -> str:
    """A short name of the list. It is no secret: who sees what is decided anew for each page."""
    words = json.dumps([queue.value, chosen.query()], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]
