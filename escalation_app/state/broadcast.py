"""What is sent to tabs and to the rooms they are in. The one module that emits.

`emit` to a room is the framework's inside: a test guards the shape of what is sent.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from escalation_app.state.browser_events import Order, tell
from escalation_app.state.news import Vars
from escalation_app.state.slots import is_slot


class Broadcast:
    """The framework's socket, as far as the desk sends by itself. `to` names a tab's socket."""

    def __init__(self, app: rx.App) -> None:
        self._app = app

    async def vars(self, state: type[rx.State], changed: Vars, **target: str) -> None:
        """Vars of a state to a tab (`to`) or a room (`room`)."""
        delta = {
            name if is_slot(name) else f"{name}{FIELD_MARKER}": value
            for name, value in changed.items()
        }
        await self._emit(StateUpdate(delta={state.get_full_name(): delta}), **target)

    async def order(self, order: Order, data: object = None, *, to: str) -> None:
        """Tell a tab to do something."""
        await self._emit(StateUpdate(events=[tell(order, data)]), to=to)

    async def enter(self, sid: str, room: str) -> None:
        await self._app.sio.enter_room(sid, room, namespace=self._namespace.namespace)

    async def leave(self, sid: str, room: str) -> None:
        await self._app.sio.leave_room(sid, room, namespace=self._namespace.namespace)

    @property
    def tokens(self) -> Mapping[str, str]:
        """The tokens of the open tabs by their sockets. Each access copies them all: read it once."""
        return self._namespace.sid_to_token

    async def _emit(self, update: StateUpdate, **target: str) -> None:
        await self._namespace.emit("event", update, **target)

    @property
    def _namespace(self) -> Any:
        assert self._app.event_namespace is not None
        return self._app.event_namespace
