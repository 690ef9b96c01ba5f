"""The browser-side pieces of `assets/client.js`, wrapped for Python."""

from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from escalation_app.domain.snapshots import QueueRow
from escalation_app.state.screen import BeatState, FeedState, RowsState
from escalation_app.state.workspace import WorkspaceState

LIBRARY = "$/public/client.js"


def _hook(name: str, call: str, hook: str, kind: Any, *reads: rx.Var[Any]) -> Any:
    """A var whose value comes from a React hook; `reads` are the vars that the call mentions."""
    own = VarData(imports={LIBRARY: [ImportVar(tag=hook)]}, hooks={f"const {name} = {call}": None})
    data = VarData.merge(*(var._get_all_var_data() for var in reads), own)
    return rx.Var(name, _var_data=data).to(kind)


def _function(name: str) -> rx.event.EventSpec:
    call = rx.Var(name, _var_data=VarData(imports={LIBRARY: [ImportVar(tag=name)]})).to(
        rx.vars.FunctionVar
    )
    return rx.call_function(call)


_ROWS = RowsState.get_full_name()
_LIST = WorkspaceState.list_href
_CONNECTION = _hook("deskConnection", "useConnection()", "useConnection", str)


def held_rows() -> Any:
    """The rows to draw, with new ones held back while the pointer is on the list."""
    call = f'useHeldRows("{_ROWS}", {_LIST!s})'
    return _hook("deskRows", call, "useHeldRows", list[QueueRow], _LIST)


rows_loaded = _hook("deskRowsLoaded", f'useRowsLoaded("{_ROWS}")', "useRowsLoaded", bool)
waiting_new = _hook("deskHeldCount", "useHeldCount()", "useHeldCount", int)
connection_state = _CONNECTION
connected = _CONNECTION == "Connected"
show_held = _function("showHeld")
reconnect_now = _function("reconnectNow")


class _Client(rx.Component):
    library = LIBRARY


class ConnectionIndicator(_Client):
    tag = "ConnectionIndicator"
    beat_state: rx.Var[str]
    feed_state: rx.Var[str]
    on_catch_up: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class SoundButton(_Client):
    tag = "SoundButton"
    feed_state: rx.Var[str]


class CriticalStrip(_Client):
    tag = "CriticalStrip"
    feed_state: rx.Var[str]
    href_prefix: rx.Var[str]


class Age(_Client):
    tag = "Age"
    at: rx.Var[str]


class DraftArea(_Client):
    tag = "DraftArea"
    label: rx.Var[str]
    name: rx.Var[str]
    form: rx.Var[str]
    draft: rx.Var[int]
    receipt: rx.Var[str]
    hint: rx.Var[str]
    required: rx.Var[bool]
    rows: rx.Var[int]


class Drawer(_Client):
    tag = "Drawer"
    open: rx.Var[bool]


class ListHold(_Client):
    tag = "ListHold"


class ScrollToLatest(_Client):
    tag = "ScrollToLatest"
    of: rx.Var[int]
    count: rx.Var[int]


def connection_indicator() -> rx.Component:
    return ConnectionIndicator.create(
        beat_state=BeatState.get_full_name(),
        feed_state=FeedState.get_full_name(),
        on_catch_up=WorkspaceState.catch_up,
    )


def sound_button() -> rx.Component:
    return SoundButton.create(feed_state=FeedState.get_full_name())


def critical_strip() -> rx.Component:
    return CriticalStrip.create(
        feed_state=FeedState.get_full_name(), href_prefix=WorkspaceState.case_href
    )


age = Age.create
draft_area = DraftArea.create
drawer = Drawer.create
list_hold = ListHold.create
scroll_to_latest = ScrollToLatest.create
