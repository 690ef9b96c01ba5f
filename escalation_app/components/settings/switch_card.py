"""The switch for the whole feature, and the ways to the queues."""

import reflex as rx

from escalation_app import routes
from escalation_app.components.links import inner_link
from escalation_app.components.settings.fields import card, switch
from escalation_app.state.settings import SettingsState


def switch_card() -> rx.Component:
    return card(
        "Escalation",
        switch("enabled", "Escalate conversations to people", SettingsState.enabled),
        rx.cond(
            SettingsState.enabled,
            rx.el.p(
                "The preview queue runs on the saved draft, the published queue on the newest "
                "version.",
                class_name="hint",
            ),
            rx.el.p(
                "While this is off, nothing is escalated and the other cards can't be used.",
                class_name="hint",
            ),
        ),
        rx.el.div(
            inner_link("Open Preview Queue", href=routes.QUEUE_PREVIEW, class_name="button"),
            inner_link("Open Published Queue", href=routes.QUEUE_PUBLISHED, class_name="button"),
            class_name="button-row",
        ),
    )
