"""API keys: whose there are, making one and revoking one."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.api_keys.keys_card import keys_card
from escalation_app.components.api_keys.make_card import make_card
from escalation_app.components.api_keys.new_key import new_key
from escalation_app.components.api_keys.revoke_dialog import revoke_dialog
from escalation_app.components.api_keys.usage_card import usage_card
from escalation_app.components.settings.browser import lead_to
from escalation_app.components.settings.page_frame import denied, loading
from escalation_app.components.shell import line_banner, top_bar
from escalation_app.state.api_keys import ApiKeysState
from escalation_app.state.screen import KeysState


def page() -> rx.Component:
    """The list on the left; the form beside it."""
    return rx.el.div(
        top_bar(),
        line_banner(),
        rx.cond(
            ApiKeysState.denied != "",
            denied(
                "API keys are for admins",
                ApiKeysState.denied,
                "If a program needs a key in your name, please ask an admin.",
            ),
            rx.cond(ApiKeysState.ready & KeysState.known, _keys(), loading()),
        ),
        class_name="workspace settings-page",
        data_line=client.connection_state,
    )


def _keys() -> rx.Component:
    return rx.fragment(
        rx.el.main(
            rx.el.h1("API keys"),
            new_key(),
            rx.el.div(
                rx.el.div(keys_card(), usage_card(), class_name="settings-column"),
                rx.el.div(make_card(), class_name="settings-column make-column"),
                class_name="settings-columns",
            ),
            class_name="settings",
        ),
        revoke_dialog(),
        lead_to(attempt=ApiKeysState.answered, at='.settings [aria-invalid="true"]'),
    )
