"""What stands around every page: who looks, and what the top bar may offer them."""

from typing import TypeVar

import reflex as rx

from escalation_app.domain.people import Permission, Viewer
from escalation_app.state.screen import read_at_load, send_all

S = TypeVar("S", bound=type[rx.State])
FRAMED: set[type[rx.State]] = set()


def framed(page: S) -> S:
    """A page's state whose `load` also says what stands around the page."""
    FRAMED.add(page)
    return page


@read_at_load
class FrameState(rx.State):
    """`place` is the page: "published", "preview", "settings", "conversation" or "keys"."""

    place: str = ""
    viewer_name: str = ""
    viewer_role: str = ""
    may_configure: bool = False
    may_converse: bool = False
    may_manage_keys: bool = False


async def frame(state: rx.State, who: Viewer, place: str) -> None:
    """Say in the top bar who looks at which page."""
    shown = await state.get_state(FrameState)
    send_all(shown)
    shown.place = place
    shown.viewer_name, shown.viewer_role = who.name, who.role.value
    shown.may_configure = who.may(Permission.CONFIGURE)
    shown.may_converse = who.may(Permission.CONVERSE)
    shown.may_manage_keys = who.may(Permission.MANAGE_KEYS)
