"""The escalation settings."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.coverage import coverage_card
from escalation_app.components.settings.ask_dialog import ask_dialog
from escalation_app.components.settings.browser import lead_to, on_difference
from escalation_app.components.settings.conditions_card import conditions_card
from escalation_app.components.settings.conflict_card import HEADING, conflict_card
from escalation_app.components.settings.deliveries_card import deliveries_card
from escalation_app.components.settings.leftover_card import leftover_card
from escalation_app.components.settings.page_frame import denied, loading
from escalation_app.components.settings.replay_card import replay_card
from escalation_app.components.settings.response_card import (
    language_card,
    response_card,
    targets_card,
)
from escalation_app.components.settings.save_bar import save_bar
from escalation_app.components.settings.supervisors_card import supervisors_card
from escalation_app.components.settings.switch_card import switch_card
from escalation_app.components.settings.tags_card import tags_card
from escalation_app.components.settings.versions_card import history_card, versions_card
from escalation_app.components.settings.webhook_card import webhook_card
from escalation_app.components.shell import line_banner, top_bar
from escalation_app.state.screen import SettingsMarkState
from escalation_app.state.settings import SettingsState
from escalation_app.state.versions import VersionsState


def page() -> rx.Component:
    """What is configured on the left; what is published, and by whom, on the right."""
    return rx.el.div(
        top_bar(),
        line_banner(),
        rx.cond(
            SettingsState.denied != "",
            denied(
                "The settings are not yours to change",
                SettingsState.denied,
                "Builders and admins configure when and to whom cases go.",
            ),
            rx.cond(SettingsState.ready, _settings(), loading()),
        ),
        class_name="workspace settings-page",
        data_line=client.connection_state,
    )


def _settings() -> rx.Component:
    return rx.fragment(
        rx.el.main(
            rx.el.h1("Escalation settings"),
            leftover_card(),
            conflict_card(),
            coverage_card(),
            rx.el.div(
                rx.el.div(
                    switch_card(), _bundle(), deliveries_card(), class_name="settings-column"
                ),
                rx.el.div(
                    versions_card(),
                    replay_card(),
                    history_card(),
                    class_name="settings-column aside",
                ),
                class_name="settings-columns",
            ),
            class_name="settings",
        ),
        save_bar(),
        ask_dialog(),
        lead_to(attempt=SettingsState.attempt, at='.settings [aria-invalid="true"]'),
        lead_to(attempt=SettingsState.led, at=f"#{HEADING}"),
        on_difference(
            of=SettingsMarkState.now, to=SettingsState.mark, on_differ=SettingsState.look_again
        ),
        on_difference(of=SettingsState.mark, to=VersionsState.mark, on_differ=VersionsState.read),
    )


def _bundle() -> rx.Component:
    """Off as a whole while the feature is off."""
    return rx.el.fieldset(
        rx.el.legend("Configuration", class_name="sr-only"),
        conditions_card(),
        rx.el.div(
            rx.el.div(response_card(), language_card(), class_name="settings-column"),
            targets_card(),
            class_name="side-by-side",
        ),
        tags_card(),
        supervisors_card(),
        webhook_card(),
        disabled=~SettingsState.enabled,
        class_name="bundle",
    )
