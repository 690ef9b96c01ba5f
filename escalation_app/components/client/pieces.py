"""The browser-side components of `assets/client/`, wrapped for Python."""

from typing import Any

import reflex as rx

from escalation_app.components.client.hooks import (
    ADDRESS,
    AGE,
    ASKING,
    ATTENTION,
    CASE,
    CITATIONS,
    CONNECTION,
    DRAFTS,
    LIST,
    LIST_HREF,
    ROWS,
    SIGN_IN,
    WAY_BACK,
    connected,
)
from escalation_app.state.screen import BeatState, CaseState, FeedState, FilterControl
from escalation_app.state.workspace import WorkspaceState


class _AddressLink(rx.Component):
    library = ADDRESS
    tag = "AddressLink"
    changes: rx.Var[dict[str, str]]


class _CaseLink(rx.Component):
    library = ADDRESS
    tag = "CaseLink"
    view: rx.Var[str]
    facts: rx.Var[dict[str, str]]


class _AskButton(rx.Component):
    library = ASKING
    tag = "AskButton"
    label: rx.Var[str]
    busy: rx.Var[str]
    answer: rx.Var[str]
    disabled: rx.Var[bool]
    type: rx.Var[str]
    on_click: rx.EventHandler[rx.event.no_args_event_spec]


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


class _Until(rx.Component):
    library = AGE
    tag = "Until"
    at: rx.Var[str]


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


class _Username(rx.el.Input):
    library = SIGN_IN
    tag = "Username"


class _WayBack(rx.Component):
    library = WAY_BACK
    tag = "WayBack"


def ask_button(label: str, busy: str, **props: Any) -> rx.Component:
    """A button of the selected case that says while it waits, and when nobody knows the answer."""
    answer = CaseState.facts.id.to_string() + ":" + CaseState.facts.version.to_string()
    return answered_button(label, busy, answer, **props)


def answered_button(label: str, busy: str, answer: Any, **props: Any) -> rx.Component:
    """The same for anything else; `answer` changes when the desk has answered."""
    return _AskButton.create(
        label=label, busy=busy, answer=answer, disabled=~connected, title=_why_off(), **props
    )


def _why_off() -> Any:
    return rx.cond(connected, "", "Off while the desk is not connected")


def connection_indicator(**handlers: Any) -> rx.Component:
    return _ConnectionIndicator.create(
        beat_state=BeatState.get_full_name(), feed_state=FeedState.get_full_name(), **handlers
    )


def sound_button() -> rx.Component:
    return _SoundButton.create(feed_state=FeedState.get_full_name())


def case_link(*children: Any, view: Any, **props: Any) -> rx.Component:
    """To a view that holds the selected case."""
    names = ("status", "urgency", "topic", "area")
    facts = {name: getattr(CaseState.facts, name) for name in names}
    return _CaseLink.create(*children, view=view, facts=facts, **props)


def critical_strip() -> rx.Component:
    return _CriticalStrip.create(feed_state=FeedState.get_full_name())


def filed_notes() -> rx.Component:
    return _FiledNotes.create(person=WorkspaceState.viewer_id, receipt=WorkspaceState.receipt)


def show_held(*children: Any, **props: Any) -> rx.Component:
    """The button that takes in what waits."""
    return _ShowHeld.create(*children, rows_state=ROWS, list=LIST_HREF, **props)


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
until = _Until.create
filter_select = _FilterSelect.create
list_hold = _ListHold.create
reset_filters = _ResetFilters.create
search_box = _SearchBox.create
username = _Username.create
way_back = _WayBack.create
scroll_to_latest = _ScrollToLatest.create
