"""The one bar for the whole bundle: what is unsaved, saving it, throwing it away, publishing it."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.state.screen import CoverageState
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_decisions import ConflictState
from escalation_app.state.versions import VersionsState

OFF = "Off while the desk is not connected"


def save_bar() -> rx.Component:
    """Sticks to the lower edge. Save is never off for want of changes: the click may be quicker."""
    return rx.el.div(
        rx.el.div(_standing(), role="status", class_name="bar-words"),
        rx.el.div(
            rx.el.span(why_no_publishing(), id="why-no-publishing", class_name="hint bar-why"),
            rx.cond(
                SettingsState.unsaved,
                rx.el.button(
                    "Discard",
                    type="button",
                    class_name="quiet",
                    disabled=~client.connected,
                    on_click=VersionsState.ask_to_discard,
                ),
            ),
            rx.el.button(
                "Save",
                type="button",
                class_name="primary",
                disabled=~client.connected,
                title=rx.cond(client.connected, "", OFF),
                on_click=SettingsState.save,
            ),
            rx.el.button(
                "Publish",
                type="button",
                disabled=why_no_publishing() != "",
                title=why_no_publishing(),
                aria_describedby="why-no-publishing",
                on_click=VersionsState.ask_to_publish,
            ),
            class_name="button-row",
        ),
        class_name="save-bar",
        data_unsaved=rx.cond(SettingsState.unsaved, "true", "false"),
        custom_attrs={"data-testid": "save-bar"},
    )


def why_no_publishing() -> Any:
    """The reason in words, "" when publishing is possible."""
    return rx.cond(
        ~client.connected,
        OFF,
        rx.cond(
            SettingsState.unsaved,
            "Save or discard your changes first",
            rx.cond(
                SettingsState.unpublished.length() == 0,
                "The draft is the same as what is published",
                "",
            ),
        ),
    )


def _standing() -> rx.Component:
    wrong = SettingsState.problems.length()
    return rx.fragment(
        rx.cond(
            SettingsState.unsaved,
            rx.fragment(
                rx.el.strong("Unsaved changes"),
                " ",
                rx.cond(
                    SettingsState.survived,
                    rx.el.span("They are still here from before.", class_name="quiet-text"),
                ),
            ),
            rx.cond(
                SettingsState.said != "",
                rx.el.span(SettingsState.said),
                rx.el.span(
                    "Draft saved by ",
                    SettingsState.standing.saved_by,
                    " ",
                    client.age(at=SettingsState.standing.saved_at, ago=True),
                ),
            ),
        ),
        rx.cond(
            wrong > 0,
            rx.el.span(
                "Not saved: ",
                rx.cond(wrong == 1, "1 field needs", wrong.to_string() + " fields need"),
                " another look.",
                class_name="field-error",
            ),
        ),
        _conflict(),
        _coverage(),
    )


def _conflict() -> rx.Component:
    """Why the last Save did nothing, and the way to what explains it."""
    return rx.cond(
        SettingsState.meanwhile != "",
        rx.el.span(
            rx.cond(SettingsState.refused, "Not saved: ", ""),
            SettingsState.meanwhile,
            ". ",
            rx.el.button(
                "See the difference",
                type="button",
                class_name="plain",
                disabled=~client.connected,
                on_click=ConflictState.compare,
            ),
            class_name="field-error",
        ),
    )


def _coverage() -> rx.Component:
    return rx.cond(
        CoverageState.published.length() + CoverageState.preview.length() > 0,
        rx.el.a("Coverage: some cases nobody sees", href="#coverage", class_name="plain"),
    )
