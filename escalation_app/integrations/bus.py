"""The bus says "look again" to every process. It carries no data, and losing a notice is harmless."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Protocol
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from escalation_app import measures

log = logging.getLogger(__name__)

CHANNEL = "escalation-desk:notices"
BEAT_SECONDS = 2.0
# redis-py loses messages over a server restart without any exception, so silence counts as a gap.
SILENCE_SECONDS = 3 * BEAT_SECONDS
LOOK_AGAIN = 0
# Whoever made a change waits for its notice; after so long the others look by themselves anyway.
ANNOUNCE_SECONDS = 0.5


class Bus(Protocol):
    async def announce(self, seq: int) -> None:
        """Tell all processes that the timeline has grown to `seq`. Never raises."""

    def notices(self) -> AsyncIterator[int]:
        """Numbers as they come; LOOK_AGAIN after each (re)subscription and each gap."""

    @property
    def is_heard(self) -> bool:
        """Whether what is announced is heard, as far as this process knows."""

    async def close(self) -> None: ...


class MemoryBus:
    """The bus of a single process."""

    is_heard = True

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[int]] = set()

    async def announce(self, seq: int) -> None:
        for listener in self._listeners:
            listener.put_nowait(seq)

    async def notices(self) -> AsyncIterator[int]:
        listener: asyncio.Queue[int] = asyncio.Queue()
        self._listeners.add(listener)
        try:
            yield LOOK_AGAIN
            while True:
                yield await listener.get()
        finally:
            self._listeners.discard(listener)

    async def close(self) -> None:
        self._listeners.clear()


class RedisBus:
    """The bus of several processes, through Redis pub/sub."""

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._name = uuid4().hex
        self._heard_at = float("-inf")

    @property
    def is_heard(self) -> bool:
        """This process has lately heard its own heartbeat."""
        return time.monotonic() - self._heard_at < SILENCE_SECONDS

    async def announce(self, seq: int) -> None:
        # A change that is committed must not fail because Redis is away: every process
        # also looks at the database by itself.
        try:
            async with asyncio.timeout(ANNOUNCE_SECONDS):
                await self._redis.publish(CHANNEL, json.dumps({"seq": seq}))
        except (RedisError, OSError) as error:
            log.warning("notice %s was not announced: %r", seq, error)

    async def notices(self) -> AsyncIterator[int]:
        while True:
            try:
                async with contextlib.aclosing(self._subscription()) as subscription:
                    async for seq in subscription:
                        yield seq
            except (RedisError, OSError) as error:
                measures.bus_losses.inc()
                log.warning("the bus is away: %s", error)
            await asyncio.sleep(0.5)

    async def _subscription(self) -> AsyncGenerator[int, None]:
        """One subscription, until it breaks or falls silent."""
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(CHANNEL)
            yield LOOK_AGAIN
            heard, sent = time.monotonic(), float("-inf")
            while time.monotonic() - heard < SILENCE_SECONDS:
                if time.monotonic() - sent >= BEAT_SECONDS:
                    sent = time.monotonic()
                    await self._redis.publish(CHANNEL, json.dumps({"beat": self._name}))
                message = await pubsub.get_message(timeout=BEAT_SECONDS / 2)
                if message is None:
                    continue
                notice = _read(message["data"])
                if notice.get("beat") == self._name:
                    heard = self._heard_at = time.monotonic()
                elif isinstance(notice.get("seq"), int):
                    yield notice["seq"]
        measures.bus_losses.inc()
        log.warning("the bus fell silent; subscribing again")

    async def close(self) -> None:
        await self._redis.aclose()


def make_bus(redis_url: str | None) -> Bus:
    return RedisBus(redis_url) if redis_url else MemoryBus()


def _read(data: Any) -> dict[str, Any]:
    """A notice, or nothing if somebody else wrote nonsense on the channel."""
    try:
        notice = json.loads(data)
    except (ValueError, TypeError):
        return {}
    return notice if isinstance(notice, dict) else {}
