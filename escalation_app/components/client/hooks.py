"""What only the browser knows, as vars: hooks of `assets/client/`, and calls of its functions."""

from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from escalation_app.domain.snapshots import MessageRow, QueueRow, TimelineRow
from escalation_app.state.screen import CaseState, RowsState
from escalation_app.state.workspace import WorkspaceState

ADDRESS, AGE, ASKING, ATTENTION, CASE, CITATIONS, CONNECTION, DRAFTS, LIST, SIGN_IN, WAY_BACK = (
    f"$/public/client/{name}.js"
    for name in (
        "address",
        "age",
        "asking",
        "attention",
        "case",
        "citations",
        "connection",
        "drafts",
        "list",
        "sign_in",
        "way_back",
    )
)


def hook(library: str, name: str, call: str, of: str, kind: Any, *reads: rx.Var[Any]) -> Any:
    """A var whose value comes from a React hook; `reads` are the vars that the call mentions."""
    own = VarData(imports={library: [ImportVar(tag=of)]}, hooks={f"const {name} = {call}": None})
    data = VarData.merge(*(var._get_all_var_data() for var in reads), own)
    return rx.Var(name, _var_data=data).to(kind)


def call(library: str, name: str) -> rx.event.EventSpec:
    """An event that is no more than a call of this function in the browser."""
    function = rx.Var(name, _var_data=VarData(imports={library: [ImportVar(tag=name)]})).to(
        rx.vars.FunctionVar
    )
    return rx.call_function(function)


ROWS = RowsState.get_full_name()
LIST_HREF = WorkspaceState.list_href


def held_rows() -> Any:
    """The rows to draw, with new ones held back while the pointer is on the list."""
    call = f'useHeldRows("{ROWS}", {LIST_HREF!s})'
    return hook(LIST, "deskRows", call, "useHeldRows", list[QueueRow], LIST_HREF)


def is_absent(case_id: rx.Var[int]) -> Any:
    """Whether the whole list is here and this case is not in it."""
    call = f'useIsAbsent("{ROWS}", {case_id!s})'
    return hook(LIST, "deskIsAbsent", call, "useIsAbsent", bool, case_id)


def has_lasted(since: Any, seconds: float) -> Any:
    """Whether what began at `since`, "" for nothing, goes on for so long before this browser's eyes."""
    call = f"useHasLasted({since!s}, {seconds})"
    return hook(AGE, "deskHasLasted", call, "useHasLasted", bool, since)


def _parts(name: str, kind: Any) -> Any:
    """A list of the selected case, put together from its single vars."""
    call = f'useParts("{CaseState.get_full_name()}", "{name}")'
    return hook(CASE, f"desk{name.capitalize()}", call, "useParts", kind)


messages = _parts("messages", list[MessageRow])
timeline = _parts("timeline", list[TimelineRow])
behind = hook(
    ADDRESS,
    "deskBehind",
    f"useBehind({WorkspaceState.shown_query!s})",
    "useBehind",
    bool,
    WorkspaceState.shown_query,
)
connection_state = hook(CONNECTION, "deskConnection", "useConnection()", "useConnection", str)
connected = connection_state == "Connected"
line_trouble = hook(CONNECTION, "deskLineTrouble", "useLineTrouble()", "useLineTrouble", bool)
rows_loaded = hook(LIST, "deskRowsLoaded", f'useRowsLoaded("{ROWS}")', "useRowsLoaded", bool)
waiting = hook(
    LIST,
    "deskWaiting",
    f'useWaiting("{ROWS}", {LIST_HREF!s})',
    "useWaiting",
    str,
    LIST_HREF,
)
heard_at = hook(CONNECTION, "deskHeardAt", "useHeardAt()", "useHeardAt", str)
cited = hook(CITATIONS, "deskCited", "useCited()", "useCited", int)
reconnect_now = call(CONNECTION, "reconnectNow")
