"""What all peers do alike: read the first page, and hear that something changed.

The page is read with plain sqlite3, in one query, without scopes, counts, sessions or a transaction
shared with anything: as cheap as it gets.
"""

import sqlite3
from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis

CHANNEL = "escalation-desk:notices"
COLUMNS = (
    "id",
    "status",
    "urgency",
    "topic",
    "area",
    "reason",
    "about",
    "owner",
    "created_at",
    "completed_at",
    "due_at",
)
PAGE = """
    SELECT id, status, urgency, topic, area, substr(reason, 1, 240), profile_name,
        coalesce(claimed_by, ''), created_at, coalesce(completed_at, ''), due_at
    FROM escalation WHERE queue = 'published' ORDER BY created_at DESC, id DESC LIMIT 50"""


class FirstPage:
    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)

    def read(self) -> list[dict[str, Any]]:
        rows = self._connection.execute(PAGE).fetchall()
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


async def notices(redis_url: str) -> AsyncIterator[None]:
    """Each time that something changed."""
    async with Redis.from_url(redis_url).pubsub(ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe(CHANNEL)
        async for message in pubsub.listen():
            # The desk's processes also send heartbeats on the channel.
            if b'"seq"' in message["data"]:
                yield
