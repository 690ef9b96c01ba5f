"""Publishing and restoring show what will change, and ask once more."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import dialog
from escalation_app.components.settings.differences import differences_table
from escalation_app.state.versions import VersionsState


def ask_dialog() -> rx.Component:
    number = VersionsState.asking_version.to_string()
    return dialog(
        rx.cond(
            VersionsState.asking == "publish",
            _question(
                rx.Var.create("Publish the draft as version ") + number + "?",
                "The published queue runs on it from then on.",
                "Published now",
                "With this version",
                "Publish",
                VersionsState.publish,
            ),
            _question(
                rx.Var.create("Restore version ") + number + " into the draft?",
                "The draft is replaced; what is published stays. The webhook's secret stays, too.",
                "Draft now",
                "With this version",
                "Restore",
                VersionsState.restore,
            ),
        ),
        open=VersionsState.asking != "",
        label=rx.cond(VersionsState.asking == "publish", "Publish", "Restore"),
        on_dismiss=VersionsState.dismiss,
        class_name="ask",
    )


def _question(
    heading: Any, hint: str, before: str, after: str, answer: str, event: Any
) -> rx.Component:
    return rx.fragment(
        rx.el.h1(heading),
        rx.el.p(hint),
        rx.cond(
            VersionsState.asking_changes.length() > 0,
            differences_table(VersionsState.asking_changes, before, after),
            rx.el.p("Nothing would change.", class_name="quiet-text"),
        ),
        rx.el.div(
            rx.el.button("Cancel", type="button", on_click=VersionsState.dismiss),
            rx.el.button(
                answer,
                type="button",
                class_name="primary",
                disabled=~client.connected,
                on_click=event,
            ),
            class_name="button-row answers",
        ),
    )
