"""What is sent to tabs. The one module that emits.

`emit` is the framework's inside: a test guards the shape of what is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from escalation_app.state.browser_events import Order, tell
from escalation_app.state.news import Vars
from escalation_app.state.slots import is_slot


class Broadcast:
    """The framework's socket, as far as the desk sends by itself. `to` names tabs' sockets."""

    def __init__(self, app: rx.App) -> None:
        self._app = app

    async def vars(
        self, parts: Iterable[tuple[type[rx.State], Vars]], *, to: Sequence[str]
    ) -> None:
        """Vars of some states, in one message that is encoded once for all these tabs."""
        delta: dict[str, Vars] = {}
        for state, changed in parts:
            named = {
                name if is_slot(name) else f"{name}{FIELD_MARKER}": value
                for name, value in changed.items()
            }
            delta.setdefault(state.get_full_name(), {}).update(named)
        await self._emit(StateUpdate(delta=delta), to)

    async def order(self, order: Order, data: object = None, *, to: str) -> None:
        """Tell a tab to do something."""
        await self._emit(StateUpdate(events=[tell(order, data)]), [to])

    @property
    def tokens(self) -> Mapping[str, str]:
        """The tokens of the open tabs by their sockets."""
        return self._namespace.sid_to_token

    async def _emit(self, update: StateUpdate, to: Sequence[str]) -> None:
        await self._namespace.emit("event", update, to=to)

    @property
    def _namespace(self) -> Any:
        assert self._app.event_namespace is not None
        return self._app.event_namespace
