"""What the person may do with the case now."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.state.screen import CaseState
from escalation_app.state.workspace import WorkspaceState

OFF = "Off while the desk is not connected"


def actions() -> rx.Component:
    """Claim, or complete and release."""
    facts = CaseState.facts
    return rx.el.div(
        rx.cond(facts.may_claim, _claim()),
        rx.cond(facts.may_complete, _complete()),
        rx.cond(facts.may_release, _release()),
        rx.cond(
            ~client.connected & (facts.may_claim | facts.may_complete | facts.may_release),
            rx.el.p(OFF, class_name="quiet-text"),
        ),
        class_name="actions",
    )


def _claim() -> rx.Component:
    return rx.el.button(
        "Claim",
        type="button",
        class_name="primary",
        disabled=~client.connected,
        title=rx.cond(client.connected, "", OFF),
        on_click=WorkspaceState.claim(CaseState.facts.id),
    )


def _complete() -> rx.Component:
    return rx.el.form(
        _case_number(),
        _draft("complete", "what_happened", "What happened", required=True),
        _draft("complete", "action_taken", "What was done", required=True),
        _draft("complete", "follow_up", "Follow-up"),
        _submit("Complete", "primary"),
        on_submit=WorkspaceState.complete,
        class_name="card",
        aria_label="Resolution",
    )


def _release() -> rx.Component:
    return rx.el.form(
        _case_number(),
        _draft("release", "note", "Note", hint="What should the next person know?"),
        _submit("Release", ""),
        on_submit=WorkspaceState.release,
        class_name="card",
        aria_label="Give back",
    )


def _draft(
    form: str, name: str, label: str, *, hint: str = "", required: bool = False
) -> rx.Component:
    return client.draft_area(
        label=label,
        name=name,
        form=form,
        draft=CaseState.facts.id,
        receipt=WorkspaceState.receipt,
        hint=hint,
        required=required,
    )


def _submit(label: str, class_name: str) -> rx.Component:
    return rx.el.button(
        label,
        type="submit",
        class_name=class_name,
        disabled=~client.connected,
        title=rx.cond(client.connected, "", OFF),
    )


def _case_number() -> Any:
    return rx.el.input(type="hidden", name="case_id", value=CaseState.facts.id.to_string())
