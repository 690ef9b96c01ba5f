"""Where the framework keeps what is a tab's own: in Redis, and in this process while Redis is away.

A claim must not fail because the place where a filter is remembered can't be reached.
"""

import asyncio
import logging
import math
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis
from reflex.utils.token_manager import RedisTokenManager
from reflex_base.utils.exceptions import LockExpiredError

from escalation_app.state.impatient_redis import AWAY, PATIENCE_SECONDS, impatient, patience
from escalation_app.state.state_tree import classes_from, states_from
from escalation_app.state.two_trips import TwoTrips

log = logging.getLogger(__name__)

# How long it is taken to be away before it is asked again.
AWAY_SECONDS = 1.0
# What was kept here for a tab that has not come back since.
KEPT_HERE_SECONDS = 2 * 3600


class StatesInRedis(TwoTrips):
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
    async def modify_state(self, token: Any, **_context: Any) -> AsyncIterator[Any]:
        token = self._coerce_token(token)
        async with AsyncExitStack() as stack:
            stack.enter_context(self._working())
            state = await self._enter_redis(stack, token)
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

    async def remove(self, token: Any) -> None:
        """Nothing is kept of the tab, here or in Redis. What is away is not asked."""
        let_go(self._here, token)
        if time.monotonic() < self._away_until:
            return
        try:
            keys = [token._state_key(one) for one in classes_from(token.cls)]
            await self.redis.delete(*keys)
        except AWAY as error:
            self._note_away(error)

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

    async def _enter_redis(self, stack: AsyncExitStack, token: Any) -> Any:
        """The tab's state as Redis has it, or None while that is away."""
        if time.monotonic() < self._away_until:
            return None
        if self._away_until:
            # One asks whether it is back; meanwhile nobody else waits for the answer.
            self._away_until = time.monotonic() + PATIENCE_SECONDS
        try:
            await self._bring_back(token)
            state = await stack.enter_async_context(self._in_redis(token))
        except AWAY as error:
            self._lose(token, error)
            return None
        self._away_until = 0.0
        return state

    @asynccontextmanager
    async def _in_redis(self, token: Any) -> AsyncIterator[Any]:
        """That the state can't be written back is no failure of what was done with it."""
        opened = self._try_modify_state(token)
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
            # Redis lost the lock, as when it was emptied; or its answer was lost on the way.
            log.warning("a tab's state may not have been kept: its lock was gone")

    async def _bring_back(self, token: Any) -> None:
        """Redis has the tab's state again, as it was here last."""
        if token.ident in self._forsaken:
            await self.redis.delete(self._lock_key(token))
            self._forsaken.discard(token.ident)
        if token.cache_key not in self._here.states:
            return
        async with self._here.modify_state(token) as root:
            for state in states_from(root):
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


def let_go(manager: StateManagerMemory, token: Any) -> None:
    """Even an empty tree of states takes room."""
    lock = manager._states_locks.get(token.lock_key)
    if lock is None or not lock.locked():
        manager._purge_token(token)
