"""What the framework keeps for a tab, and the session for which it is kept.

A tab's token outlives sessions: the browser goes on with it when somebody else signs in. So what
is kept carries its session, in memory and in Redis alike, and is given to no other.
"""

import reflex as rx
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken

from escalation_app.state.states_in_redis import StatesInRedis, let_go


class OwnerState(rx.State):
    """`_session` is the digest of the session's secret; the browser is never sent it."""

    _session: str = ""


async def owner_of(manager: StateManager, token: str) -> str:
    """The session that the tab's state is kept for, or "" if none has been noted."""
    # Nothing is changed, so the tab is not held for it.
    root = await manager.get_state(BaseStateToken(ident=token, cls=OwnerState))
    owner: str = (await root.get_state(OwnerState))._session
    return owner


async def keep_for(manager: StateManager, token: str, session: str) -> None:
    """Note whose the tab's state is from now on."""
    async with manager.modify_state(BaseStateToken(ident=token, cls=OwnerState)) as root:
        (await root.get_state(OwnerState))._session = session


async def forget(manager: StateManager, token: str) -> None:
    """Drop all that is kept for the tab."""
    whole = BaseStateToken(ident=token, cls=rx.State)
    in_memory = manager if isinstance(manager, StateManagerMemory) else None
    if in_memory and whole.cache_key not in in_memory.states:
        return
    async with manager.modify_state(whole) as root:
        root.reset()
        # Not reset by the framework: the headers of whoever it was.
        root.router_data = {}
        root._clean()
    if in_memory:
        let_go(in_memory, whole)
    elif isinstance(manager, StatesInRedis):
        # Emptied, it would stay there for a day, and anybody can open tabs without an end.
        await manager.remove(whole)
