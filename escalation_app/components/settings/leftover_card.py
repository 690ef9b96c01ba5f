"""What a closed tab had not saved: offered once, never taken from a tab that is still open."""

import reflex as rx

from escalation_app.components.settings.browser import drop_leftover, leftovers
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_decisions import LeftoverState


def leftover_card() -> rx.Component:
    return rx.fragment(
        leftovers(kept=SettingsState.kept, on_found=LeftoverState.found),
        rx.cond(
            LeftoverState.offered & ~SettingsState.unsaved,
            rx.el.section(
                rx.el.p(
                    "A tab of yours was closed with unsaved changes of these settings.",
                    role="status",
                ),
                rx.el.div(
                    rx.el.button(
                        "Bring them back",
                        type="button",
                        on_click=[drop_leftover, LeftoverState.bring_back()],
                    ),
                    rx.el.button(
                        "Throw them away",
                        type="button",
                        class_name="quiet",
                        on_click=[drop_leftover, LeftoverState.throw_away()],
                    ),
                    class_name="button-row",
                ),
                class_name="card leftover",
                aria_label="Unsaved changes of a closed tab",
            ),
        ),
    )
