"""What the database says, read past the program that is ill-treated."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from escalation_app.db import case_lists
from escalation_app.db.engine import Database
from escalation_app.domain.filters import Parsed
from escalation_app.domain.people import EVERYTHING
from escalation_app.domain.snapshots import QueueRow
from escalation_app.domain.vocabulary import Queue, View
from escalation_app.services import queue as queue_service
from tests.clients.plain_tab import PlainTab

Picture = tuple[list[dict[str, Any]], dict[str, int]]


class Truth:
    """For people who may see everything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, path: str) -> Picture:
        """The rows and counts that this address shows on the published queue."""
        chosen = Parsed.of(dict(parse_qsl(path.partition("?")[2])), None, None).filter
        async with self._database.reading() as session:
            rows, _ = await queue_service.rows(
                session, EVERYTHING, Queue.PUBLISHED, chosen, 0, queue_service.PAGE
            )
            everywhere = chosen.in_view(View.ALL)
            counts = await case_lists.counts(session, EVERYTHING, Queue.PUBLISHED, everywhere)
        return [_as_sent(row) for row in rows], asdict(counts)

    async def differs_from(self, tabs: list[PlainTab]) -> list[PlainTab]:
        """The tabs that don't show what the database says, or are not Connected."""
        pictures = {path: await self.of(path) for path in {tab.path for tab in tabs}}
        return [
            tab
            for tab in tabs
            if tab.indicator != "Connected" or (tab.rows, tab.counts) != pictures[tab.path]
        ]


def _as_sent(row: QueueRow) -> dict[str, Any]:
    """Whether it is gone is the browser's to say."""
    return {name: value for name, value in asdict(row).items() if name != "gone"}


@asynccontextmanager
async def truth_of(database_url: str) -> AsyncIterator[Truth]:
    database = Database(database_url)
    try:
        yield Truth(database)
    finally:
        await database.close()
