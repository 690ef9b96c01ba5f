"""Where the framework keeps what is a tab's own: in Redis, and in this process while Redis is away.

A claim must not fail because the place where a filter is remembered can't be reached.
"""

import asyncio
import logging
import math
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any
from uuid import uuid4

import reflex as rx
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.state import BaseState
from reflex.utils.token_manager import RedisTokenManager
from reflex_base.utils.exceptions import LockExpiredError

log = logging.getLogger(__name__)

# The framework's own client waits without an end for a Redis that is frozen.
PATIENCE_SECONDS = 1.0
STEPS = 4
# As many commands at once in each process.
CONNECTIONS = 20
# How long it is taken to be away before it is asked again.
AWAY_SECONDS = 1.0
# What was kept here for a tab that has not come back since.
KEPT_HERE_SECONDS = 2 * 3600
AWAY = (RedisError, OSError, TimeoutError)
# KEYS: a tab's lock, then its states. ARGV: the lock's holder, seconds to keep, the states' values.
# Nothing is written, and nil returned, if somebody else holds the lock.
SAVE_AND_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return nil
end
for i = 2, #KEYS do
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[2])
end
return redis.call('DEL', KEYS[1])
"""


@asynccontextmanager
async def patience() -> AsyncIterator[None]:
    """Waits in steps: while this process is too busy to see an answer, nobody is away.

    Raises:
        TimeoutError: The block did not end in time.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.Handle
    async with asyncio.timeout(None) as limit:

        def wait(steps: int) -> None:
            nonlocal timer
            if steps:
                timer = loop.call_later(PATIENCE_SECONDS / STEPS, wait, steps - 1)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_soon(wait, STEPS)
        try:
            yield
        finally:
            timer.cancel()


class ImpatientRedis(Redis):
    """Gives up a command soon. Subscriptions, which may be silent for long, are not concerned."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        # When all tabs come back at once, most of their time went into making connections.
        self._turns = asyncio.Semaphore(CONNECTIONS)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        command: Any = super().execute_command
        async with patience(), self._turns:
            return await command(*args, **options)


class StatesInRedis(StateManagerRedis):
    """A tab's socket is in one process, so while Redis is away that one can keep its state.

    What was used here meanwhile replaces all that Redis has for the tab: it may be of a former
    session.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self._here = StateManagerMemory(token_expiration=KEPT_HERE_SECONDS)
        # Nobody waits for it until then; 0 while it answers.
        self._away_until = 0.0
        # Tabs whose lock may be in Redis although nobody holds it.
        self._forsaken: set[str] = set()
        self._at_work: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def modify_state(self, token: Any, **context: Any) -> AsyncIterator[Any]:
        token = self._coerce_token(token)
        async with AsyncExitStack() as stack:
            stack.enter_context(self._working())
            state = await self._enter_redis(stack, token, context)
            if state is None:
                state = await stack.enter_async_context(self._here.modify_state(token))
            yield state

    async def get_state(
        self, token: Any, top_level: bool = True, for_state_instance: Any = None
    ) -> Any:
        """As it is now, for who changes nothing: nobody is waited for."""
        if for_state_instance is not None:
            return await super().get_state(token, top_level, for_state_instance)
        token = self._coerce_token(token)
        is_here = token.cache_key in self._here.states
        if not is_here and time.monotonic() >= self._away_until:
            try:
                return await super().get_state(token, top_level)
            except AWAY as error:
                self._note_away(error)
        return await self._here.get_state(token)

    async def close(self) -> None:
        """Whoever is still at a tab's state leaves it, and its lock, to the other processes."""
        self._away_until = math.inf
        others = self._at_work - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=PATIENCE_SECONDS)
        await super().close()

    @contextmanager
    def _working(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            yield
        finally:
            self._at_work.discard(task)

    async def _try_get_lock(self, lock_key: bytes, lock_id: bytes) -> bool | None:
        """Who is cancelled while Redis answers has the lock perhaps, and nobody would release it."""
        answer = asyncio.ensure_future(super()._try_get_lock(lock_key, lock_id))
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            with suppress(*AWAY):
                if await answer:
                    await self.redis.delete(lock_key)
            raise

    @asynccontextmanager
    async def _try_modify_state(self, token: Any, **_context: Any) -> AsyncIterator[Any]:
        """As the framework does it, but to write the state and to leave it is one trip."""
        lock_key, lock_id = self._lock_key(token), uuid4().hex.encode()
        await self._wait_lock(lock_key, lock_id)
        is_held = True
        try:
            state = await super().get_state(token)
            yield state
            writes = self._collect_state_writes(token, state)
            released = await self._release(lock_key, lock_id, writes)
            is_held = False
            if released is None:
                raise LockExpiredError("The lock of a tab's state had expired.")
        finally:
            if is_held:
                await self._release(lock_key, lock_id)
            self._notify_next_waiter(lock_key)

    async def _release(
        self, lock_key: bytes, lock_id: bytes, writes: Sequence[tuple[str, bytes]] = ()
    ) -> int | None:
        """None if it was not held any more."""
        keys, values = [key for key, _ in writes], [value for _, value in writes]
        ask: Any = self.redis.eval
        released: int | None = await ask(
            SAVE_AND_RELEASE,
            1 + len(keys),
            lock_key,
            *keys,
            lock_id,
            self.token_expiration,
            *values,
        )
        return released

    async def _enter_redis(self, stack: AsyncExitStack, token: Any, context: Any) -> Any:
        """The tab's state as Redis has it, or None while that is away."""
        if time.monotonic() < self._away_until:
            return None
        if self._away_until:
            # One asks whether it is back; meanwhile nobody else waits for the answer.
            self._away_until = time.monotonic() + PATIENCE_SECONDS
        try:
            await self._bring_back(token)
            state = await stack.enter_async_context(self._in_redis(token, context))
        except AWAY as error:
            self._lose(token, error)
            return None
        self._away_until = 0.0
        return state

    @asynccontextmanager
    async def _in_redis(self, token: Any, context: Any) -> AsyncIterator[Any]:
        """That the state can't be written back is no failure of what was done with it."""
        opened = super().modify_state(token, **context)
        state = await opened.__aenter__()
        try:
            yield state
        except BaseException:
            with suppress(*AWAY):
                await opened.__aexit__(*sys.exc_info())
            raise
        try:
            await opened.__aexit__(None, None, None)
        except AWAY as error:
            self._lose(token, error)
        except LockExpiredError:
            # Redis lost the lock, as when it was emptied.
            log.warning("a tab's state was not kept: its lock was gone")

    async def _bring_back(self, token: Any) -> None:
        """Redis has the tab's state again, as it was here last."""
        if token.ident in self._forsaken:
            await self.redis.delete(self._lock_key(token))
            self._forsaken.discard(token.ident)
        if token.cache_key not in self._here.states:
            return
        async with self._here.modify_state(token) as root:
            for state in _tree(root):
                state._was_touched = True
            async with patience():
                await self.set_state(token, root)
            self._here._purge_token(token)

    def _note_away(self, error: BaseException) -> None:
        if not self._away_until:
            log.warning("Redis is away; this process keeps its tabs' states: %r", error)
        self._away_until = time.monotonic() + AWAY_SECONDS

    def _lose(self, token: Any, error: BaseException) -> None:
        self._note_away(error)
        self._forsaken.add(token.ident)
        # A Redis that was started anew must be told again to tell of locks.
        self._redis_notify_keyspace_events_enabled = False
        self._notify_next_waiter(self._lock_key(token))


def outlive_redis(app: rx.App) -> None:
    """Let the app's tabs go on while Redis is away. Called once, before the app is served."""
    manager = app.state_manager
    if not isinstance(manager, StateManagerRedis):
        return
    app._state_manager = StatesInRedis(
        redis=impatient(manager.redis),
        token_expiration=manager.token_expiration,
        lock_expiration=manager.lock_expiration,
        lock_warning_threshold=manager.lock_warning_threshold,
    )
    tokens = app.event_namespace._token_manager if app.event_namespace else None
    if isinstance(tokens, RedisTokenManager):
        tokens.redis = impatient(tokens.redis)


def impatient(client: Redis) -> ImpatientRedis:
    """A client of the same server that tries once more at once, and then gives up."""
    pool = client.connection_pool
    options = pool.connection_kwargs | {"retry": Retry(NoBackoff(), 1)}
    return ImpatientRedis(connection_pool=type(pool)(pool.connection_class, **options))


def _tree(state: BaseState) -> Iterator[BaseState]:
    yield state
    for inner in state.substates.values():
        yield from _tree(inner)
