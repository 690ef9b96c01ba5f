"""Revoking can't be taken back, so it names the key and asks once more."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import dialog
from escalation_app.state.api_keys import ApiKeysState


def revoke_dialog() -> rx.Component:
    key = ApiKeysState.asking
    return dialog(
        rx.el.h1("Revoke the key “", key.label, "” of ", key.owner, "?"),
        rx.el.p(
            "Whatever program uses it is refused from its next request on. "
            "A revoked key can't be brought back; a new one can be made."
        ),
        rx.el.div(
            rx.el.button("Cancel", type="button", on_click=ApiKeysState.dismiss),
            rx.el.button(
                "Revoke",
                type="button",
                class_name="primary",
                disabled=~client.connected,
                on_click=ApiKeysState.revoke,
            ),
            class_name="button-row answers",
        ),
        open=key.id != 0,
        label="Revoke a key",
        on_dismiss=ApiKeysState.dismiss,
        class_name="ask",
    )
