"""What the person may do with the case now."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.state.screen import CaseState
from escalation_app.state.workspace import WorkspaceState

OFF = "Off while the desk is not connected"
# Form, name in the event, label.
FIELDS = (
    ("complete", "what_happened", "What happened"),
    ("complete", "action_taken", "What was done"),
    ("complete", "follow_up", "Follow-up"),
    ("release", "note", "Note"),
)


def claim_button() -> rx.Component:
    """Take the case, while nobody has it."""
    return rx.cond(
        CaseState.facts.may_claim,
        client.ask_button(
            "Claim",
            "Claiming…",
            type="button",
            class_name="primary claim",
            on_click=WorkspaceState.claim(CaseState.facts.id),
        ),
    )


def why_off() -> rx.Component:
    """The reason in words, while what the person may do is off; the line's banner shows it to eyes.

    In sight it would push the form down under the hand of whoever types in it.
    """
    facts = CaseState.facts
    return rx.cond(
        ~client.connected & (facts.may_claim | facts.may_complete | facts.may_release),
        rx.el.p(OFF, class_name="sr-only"),
    )


def filing() -> rx.Component:
    """Complete or give back; or what somebody typed before the case went to another hand."""
    facts = CaseState.facts
    return rx.el.div(
        rx.cond(facts.may_complete, _complete(), _unsent("complete")),
        rx.cond(facts.may_release, _release(), _unsent("release")),
        class_name="filing",
        id="filing",
    )


def _complete() -> rx.Component:
    return rx.el.form(
        rx.el.h2("Complete this case"),
        _case_number(),
        _draft("what_happened", required=True),
        _draft("action_taken", required=True),
        _draft("follow_up", hint="Optional: who does what by when"),
        client.ask_button("Complete", "Completing…", type="submit", class_name="primary"),
        on_submit=WorkspaceState.complete,
        class_name="card",
        aria_label="Resolution",
    )


def _release() -> rx.Component:
    return rx.el.form(
        rx.el.h2(
            rx.cond(
                CaseState.facts.is_mine,
                "Or give it back",
                "Take it from " + CaseState.facts.owner + " and give it back",
            )
        ),
        _case_number(),
        # Who loses a case to somebody else's hand is owed a word.
        _draft(
            "note",
            hint=rx.cond(
                CaseState.facts.is_mine,
                "Optional: what should the next person know?",
                "Why is it taken from them? Please say so.",
            ),
            required=~CaseState.facts.is_mine,
        ),
        client.ask_button("Release", "Releasing…", type="submit"),
        on_submit=WorkspaceState.release,
        class_name="card",
        aria_label="Give back",
    )


def _draft(field: str, *, hint: Any = "", required: Any = False) -> rx.Component:
    form, name, label = next(known for known in FIELDS if known[1] == field)
    return client.draft_area(label=label, name=name, form=form, hint=hint, required=required)


def _unsent(form: str) -> rx.Component:
    fields = [
        {"form": form, "name": name, "label": label} for of, name, label in FIELDS if of == form
    ]
    return client.unsent_notes(fields)


def _case_number() -> Any:
    return rx.el.input(type="hidden", name="case_id", value=CaseState.facts.id.to_string())
