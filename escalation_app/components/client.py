"""The browser-side pieces of `assets/client/`, wrapped for Python."""

from typing import Any

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData

from escalation_app.domain.snapshots import QueueRow
from escalation_app.state.screen import BeatState, CaseState, FeedState, FilterControl, RowsState
from escalation_app.state.workspace import WorkspaceState

ADDRESS, AGE, ATTENTION, CASE, CITATIONS, CONNECTION, DRAFTS, LIST, WAY_BACK = (
    f"$/public/client/{name}.js"
    for name in (
        "address",
        "age",
        "attention",
        "case",
        "citations",
        "connection",
        "drafts",
        "list",
        "way_back",
    )
)


def _hook(library: str, name: str, call: str, hook: str, kind: Any, *reads: rx.Var[Any]) -> Any:
    """A var whose value comes from a React hook; `reads` are the vars that the call mentions."""
    own = VarData(imports={library: [ImportVar(tag=hook)]}, hooks={f"const {name} = {call}": None})
    data = VarData.merge(*(var._get_all_var_data() for var in reads), own)
    return rx.Var(name, _var_data=data).to(kind)


def call(library: str, name: str) -> rx.event.EventSpec:
    """An event that is no more than a call of this function in the browser."""
    function = rx.Var(name, _var_data=VarData(imports={library: [ImportVar(tag=name)]})).to(
        rx.vars.FunctionVar
    )
    return rx.call_function(function)


_ROWS = RowsState.get_full_name()
_LIST_HREF = WorkspaceState.list_href


def held_rows() -> Any:
    """The rows to draw, with new ones held back while the pointer is on the list."""
    call = f'useHeldRows("{_ROWS}", {_LIST_HREF!s})'
    return _hook(LIST, "deskRows", call, "useHeldRows", list[QueueRow], _LIST_HREF)


behind = _hook(
    ADDRESS,
    "deskBehind",
    f"useBehind({WorkspaceState.shown_query!s})",
    "useBehind",
    bool,
    WorkspaceState.shown_query,
)
connection_state = _hook(CONNECTION, "deskConnection", "useConnection()", "useConnection", str)
connected = connection_state == "Connected"
line_trouble = _hook(CONNECTION, "deskLineTrouble", "useLineTrouble()", "useLineTrouble", bool)
rows_loaded = _hook(LIST, "deskRowsLoaded", f'useRowsLoaded("{_ROWS}")', "useRowsLoaded", bool)
waiting = _hook(
    LIST,
    "deskWaiting",
    f'useWaiting("{_ROWS}", {_LIST_HREF!s})',
    "useWaiting",
    str,
    _LIST_HREF,
)
heard_at = _hook(CONNECTION, "deskHeardAt", "useHeardAt()", "useHeardAt", str)
cited = _hook(CITATIONS, "deskCited", "useCited()", "useCited", int)
reconnect_now = call(CONNECTION, "reconnectNow")


class _AddressLink(rx.Component):
    library = ADDRESS
    tag = "AddressLink"
    changes: rx.Var[dict[str, str]]


class _FilterSelect(rx.Component):
    library = ADDRESS
    tag = "FilterSelect"
    name: rx.Var[str]
    label: rx.Var[str]
    options: rx.Var[list[str]]


class _SearchBox(rx.Component):
    library = ADDRESS
    tag = "SearchBox"
    placeholder: rx.Var[str]


class _ChosenFilters(rx.Component):
    library = ADDRESS
    tag = "ChosenFilters"
    filters: rx.Var[list[FilterControl]]


class _ResetFilters(rx.Component):
    library = ADDRESS
    tag = "ResetFilters"


class _ConnectionIndicator(rx.Component):
    library = CONNECTION
    tag = "ConnectionIndicator"
    beat_state: rx.Var[str]
    feed_state: rx.Var[str]
    on_catch_up: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_retry: rx.EventHandler[rx.event.no_args_event_spec]


class _SoundButton(rx.Component):
    library = ATTENTION
    tag = "SoundButton"
    feed_state: rx.Var[str]


class _CriticalStrip(rx.Component):
    library = ATTENTION
    tag = "CriticalStrip"
    feed_state: rx.Var[str]


class _Age(rx.Component):
    library = AGE
    tag = "Age"
    at: rx.Var[str]
    ago: rx.Var[bool]


class _Due(rx.Component):
    library = AGE
    tag = "Due"
    at: rx.Var[str]
    since: rx.Var[str]


class _DraftArea(rx.Component):
    library = DRAFTS
    tag = "DraftArea"
    label: rx.Var[str]
    name: rx.Var[str]
    form: rx.Var[str]
    draft: rx.Var[int]
    person: rx.Var[int]
    hint: rx.Var[str]
    required: rx.Var[bool]
    rows: rx.Var[int]


class _FiledNotes(rx.Component):
    library = DRAFTS
    tag = "FiledNotes"
    person: rx.Var[int]
    receipt: rx.Var[str]


class _ShowHeld(rx.Component):
    library = LIST
    tag = "ShowHeld"
    rows_state: rx.Var[str]
    list: rx.Var[str]


class _UnsentNotes(rx.Component):
    library = DRAFTS
    tag = "UnsentNotes"
    draft: rx.Var[int]
    person: rx.Var[int]
    fields: rx.Var[list[dict[str, str]]]


class _Drawer(rx.Component):
    library = CASE
    tag = "Drawer"
    open: rx.Var[bool]
    case: rx.Var[int]


class _ListHold(rx.Component):
    library = LIST
    tag = "ListHold"


class _ScrollToLatest(rx.Component):
    library = CASE
    tag = "ScrollToLatest"
    of: rx.Var[int]
    count: rx.Var[int]


class _Citation(rx.Component):
    library = CITATIONS
    tag = "Citation"
    number: rx.Var[int]


class _WayBack(rx.Component):
    library = WAY_BACK
    tag = "WayBack"


def connection_indicator(**handlers: Any) -> rx.Component:
    return _ConnectionIndicator.create(
        beat_state=BeatState.get_full_name(), feed_state=FeedState.get_full_name(), **handlers
    )


def sound_button() -> rx.Component:
    return _SoundButton.create(feed_state=FeedState.get_full_name())


def critical_strip() -> rx.Component:
    return _CriticalStrip.create(feed_state=FeedState.get_full_name())


def filed_notes() -> rx.Component:
    return _FiledNotes.create(person=WorkspaceState.viewer_id, receipt=WorkspaceState.receipt)


def show_held(*children: Any, **props: Any) -> rx.Component:
    """The button that takes in what waits."""
    return _ShowHeld.create(*children, rows_state=_ROWS, list=_LIST_HREF, **props)


def draft_area(**props: Any) -> rx.Component:
    """A text area of the selected case; what is typed stays in this person's browser."""
    return _DraftArea.create(
        draft=CaseState.facts.id,
        person=WorkspaceState.viewer_id,
        **props,
    )


def unsent_notes(fields: list[dict[str, str]]) -> rx.Component:
    return _UnsentNotes.create(
        draft=CaseState.facts.id, person=WorkspaceState.viewer_id, fields=fields
    )


address_link = _AddressLink.create
age = _Age.create
chosen_filters = _ChosenFilters.create
citation = _Citation.create
drawer = _Drawer.create
due = _Due.create
filter_select = _FilterSelect.create
list_hold = _ListHold.create
reset_filters = _ResetFilters.create
search_box = _SearchBox.create
way_back = _WayBack.create
scroll_to_latest = _ScrollToLatest.create
