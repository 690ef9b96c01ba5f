"""The webhook: switch, address, secret, and what is sent."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import text_field
from escalation_app.components.settings.fields import card, switch
from escalation_app.state.settings import SettingsState
from escalation_app.state.webhook_secret import SecretState


def webhook_card() -> rx.Component:
    return card(
        "Webhook",
        switch(
            "webhook_enabled", "Tell another program about cases", SettingsState.webhook_enabled
        ),
        text_field(
            "webhook_url",
            "URL",
            SettingsState.webhook_url,
            placeholder="https://example.com/escalations",
            input_mode="url",
        ),
        _secret(),
        rx.el.p(
            "Each event is a JSON body ",
            rx.el.code("{type, timestamp, data}"),
            ", signed as Standard Webhooks 1.0.0 has it, in the headers ",
            rx.el.code("webhook-id"),
            ", ",
            rx.el.code("webhook-timestamp"),
            " and ",
            rx.el.code("webhook-signature"),
            ".",
            class_name="hint",
        ),
    )


def _secret() -> rx.Component:
    hidden = SecretState.secret == ""
    return rx.el.div(
        rx.el.span("Secret", class_name="field-label"),
        rx.el.div(
            rx.el.code(
                rx.cond(hidden, "••••••••••••••••", SecretState.secret),
                class_name="secret",
                custom_attrs={"data-testid": "webhook-secret"},
            ),
            rx.cond(
                hidden,
                rx.el.button("Show", type="button", on_click=SecretState.show),
                rx.fragment(
                    rx.el.button("Hide", type="button", on_click=SecretState.hide),
                    rx.el.button(
                        "Copy", type="button", on_click=rx.set_clipboard(SecretState.secret)
                    ),
                ),
            ),
            rx.el.button(
                "Make a new secret",
                type="button",
                disabled=~client.connected,
                on_click=SecretState.renew,
            ),
            class_name="button-row",
        ),
        rx.el.p(SecretState.said, role="status", class_name="hint"),
        class_name="field",
    )
