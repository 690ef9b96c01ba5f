"""A tab's state from Redis and back in two trips.

The framework makes four: it takes the lock, reads, writes, and lets the lock go. Each event of a tab
does so, and when all tabs come back at once these trips are most of what that takes. The lock, and
how its waiters are told, stay the framework's: tests guard its shape.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from reflex.istate.manager.redis import StateManagerRedis
from reflex.state import BaseState
from reflex_base.utils.exceptions import LockExpiredError, StateSchemaMismatchError

from escalation_app.state.frame import FRAMED, FrameState
from escalation_app.state.impatient_redis import AWAY

# KEYS: a tab's lock, then its states. ARGV: who takes the lock, and milliseconds until it expires.
# The states' values, or nil if somebody else has the lock. Sent again after a lost answer, it is ours.
HOLD_AND_READ = """
if redis.call('GET', KEYS[1]) ~= ARGV[1]
    and not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    return nil
end
return redis.call('MGET', unpack(KEYS, 2))
"""
# KEYS: the same, of states that changed. ARGV: who holds the lock, seconds to keep what is written,
# and the states' values. Nothing is written, and nil returned, if the lock is somebody else's.
WRITE_AND_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return nil
end
for i = 2, #KEYS do
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[2])
end
return redis.call('DEL', KEYS[1])
"""


class TwoTrips(StateManagerRedis):
    def __post_init__(self) -> None:
        super().__post_init__()
        self._needed: dict[type[BaseState], tuple[type[BaseState], ...]] = {}

    @asynccontextmanager
    async def _try_modify_state(self, token: Any, **_context: Any) -> AsyncIterator[Any]:
        lock_key, lock_id = self._lock_key(token), uuid4().hex.encode()
        state = await self._hold(token, lock_key, lock_id)
        is_held = True
        try:
            if state is None:
                state = await StateManagerRedis.get_state(self, token)
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

    async def _hold(self, token: Any, lock_key: bytes, lock_id: bytes) -> Any:
        """The tab's state, held from now on; None if it is held only after a wait, and not read."""
        if not self._n_lock_waiters(lock_key):
            classes = self._needed_for(token.cls)
            found = await self._or_let_go(
                lock_key,
                lock_id,
                self._ask(
                    HOLD_AND_READ,
                    [lock_key, *(token._state_key(one) for one in classes)],
                    [lock_id, self.lock_expiration],
                ),
            )
            if found is not None:
                return _put_together(classes, found)
        await self._wait_lock(lock_key, lock_id)
        return None

    async def _try_get_lock(self, lock_key: bytes, lock_id: bytes) -> bool | None:
        taking = super()._try_get_lock(lock_key, lock_id)
        took: bool | None = await self._or_let_go(lock_key, lock_id, taking)
        return took

    async def _or_let_go(self, lock_key: bytes, lock_id: bytes, taking: Any) -> Any:
        """Who is cancelled while Redis answers has the lock perhaps, and nobody would release it."""
        answer = asyncio.ensure_future(taking)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            with suppress(*AWAY):
                if await answer is not None:
                    await self._release(lock_key, lock_id)
            raise

    async def _release(
        self, lock_key: bytes, lock_id: bytes, writes: Sequence[tuple[str, bytes]] = ()
    ) -> int | None:
        """None if it was not held any more."""
        released: int | None = await self._ask(
            WRITE_AND_RELEASE,
            [lock_key, *(key for key, _ in writes)],
            [lock_id, self.token_expiration, *(value for _, value in writes)],
        )
        return released

    def _needed_for(self, wanted: type[BaseState]) -> tuple[type[BaseState], ...]:
        """The states without which this one can't be worked with, parents first."""
        if wanted not in self._needed:
            needed = self._get_required_state_classes(wanted, subclasses=True)
            if wanted in FRAMED:
                # It says what stands around it, which would be another trip.
                needed |= self._get_required_state_classes(FrameState, subclasses=True)
            by_name = sorted(needed, key=lambda one: one.get_full_name())
            self._needed[wanted] = tuple(by_name)
        return self._needed[wanted]

    async def _ask(self, script: str, keys: list[Any], arguments: list[Any]) -> Any:
        ask: Any = self.redis.eval
        return await ask(script, len(keys), *keys, *arguments)


def _put_together(classes: Sequence[type[BaseState]], values: Sequence[bytes | None]) -> BaseState:
    """The states put together, as the framework does. What was never kept, or is of an older
    program, begins anew."""
    states: dict[str, BaseState] = {}
    for cls, value in zip(classes, values, strict=True):
        state = None
        if value is not None:
            with suppress(StateSchemaMismatchError):
                state = BaseState._deserialize(data=value)
        if state is None:
            state = cls(init_substates=False, _reflex_internal_init=True)
        parent, _, name = cls.get_full_name().rpartition(".")
        states[cls.get_full_name()] = state
        if parent:
            states[parent].substates[name] = state
            state.parent_state = states[parent]
    return states[classes[0].get_root_state().get_full_name()]
