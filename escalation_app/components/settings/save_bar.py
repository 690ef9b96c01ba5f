"""The one bar for the whole bundle: what is unsaved, saving it, throwing it away, publishing it."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import forget_typed
from escalation_app.components.settings.differences import differences_table
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_conflict import ConflictState
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
                    "Discard", type="button", class_name="quiet", on_click=_back_to_the_draft()
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


def conflict_card() -> rx.Component:
    """Somebody saved meanwhile: nothing was overwritten, and one decides what holds."""
    return rx.cond(
        SettingsState.meanwhile != "",
        rx.el.section(
            rx.el.h2(SettingsState.meanwhile, role="alert"),
            rx.cond(
                SettingsState.differing.length() > 0,
                rx.fragment(
                    rx.el.p("Nothing was overwritten. This is what differs:"),
                    differences_table(SettingsState.differing, "Mine", "Theirs"),
                    rx.el.div(
                        rx.el.button("Take theirs", type="button", on_click=_back_to_the_draft()),
                        rx.el.button(
                            "Keep mine and go on from theirs",
                            type="button",
                            on_click=ConflictState.keep_mine,
                        ),
                        class_name="button-row",
                    ),
                ),
                rx.el.div(
                    rx.el.p("What you typed is still here and not saved."),
                    rx.el.button("See what differs", type="button", on_click=ConflictState.compare),
                    class_name="button-row",
                ),
            ),
            class_name="card conflict",
            custom_attrs={"data-testid": "conflict"},
        ),
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


def _back_to_the_draft() -> list[Any]:
    return [forget_typed, SettingsState.discard()]


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
    )
