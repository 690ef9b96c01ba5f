"""The selected case: its drawer, its buttons, and what is typed about it."""

from typing import Any

import reflex as rx

from escalation_app.components.client.hooks import (
    ASKING,
    CASE,
    CITATIONS,
    DRAFTS,
    connected,
)
from escalation_app.state.screen import CaseState
from escalation_app.state.workspace import WorkspaceState


class _AskButton(rx.Component):
    library = ASKING
    tag = "AskButton"
    label: rx.Var[str]
    busy: rx.Var[str]
    answer: rx.Var[str]
    disabled: rx.Var[bool]
    type: rx.Var[str]
    on_click: rx.EventHandler[rx.event.no_args_event_spec]


class _Drawer(rx.Component):
    library = CASE
    tag = "Drawer"
    open: rx.Var[bool]
    case: rx.Var[int]


class _ScrollToLatest(rx.Component):
    library = CASE
    tag = "ScrollToLatest"
    of: rx.Var[int]
    count: rx.Var[int]


class _ToFiling(rx.Component):
    library = CASE
    tag = "ToFiling"


class _Citation(rx.Component):
    library = CITATIONS
    tag = "Citation"
    number: rx.Var[int]


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


class _UnsentNotes(rx.Component):
    library = DRAFTS
    tag = "UnsentNotes"
    draft: rx.Var[int]
    person: rx.Var[int]
    fields: rx.Var[list[dict[str, str]]]


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


def draft_area(**props: Any) -> rx.Component:
    """A text area of the selected case; what is typed stays in this person's browser."""
    return _DraftArea.create(
        draft=CaseState.facts.id,
        person=WorkspaceState.viewer_id,
        **props,
    )


def filed_notes() -> rx.Component:
    return _FiledNotes.create(person=WorkspaceState.viewer_id, receipt=WorkspaceState.receipt)


def unsent_notes(fields: list[dict[str, str]]) -> rx.Component:
    return _UnsentNotes.create(
        draft=CaseState.facts.id, person=WorkspaceState.viewer_id, fields=fields
    )


citation = _Citation.create
drawer = _Drawer.create
scroll_to_latest = _ScrollToLatest.create
to_filing = _ToFiling.create
