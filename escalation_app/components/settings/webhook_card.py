"""The webhook: switch, address, secret, and what is sent."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import text_field, webhook_secrets
from escalation_app.components.settings.fields import card, switch
from escalation_app.components.settings.webhook_documentation import webhook_documentation
from escalation_app.state.settings import SettingsState
from escalation_app.state.webhook_secret import SecretState

OVERLAPS = (
    ("24", "24 hours, so that receivers can be changed in peace"),
    ("1", "1 hour"),
    ("72", "3 days"),
    ("168", "7 days"),
    ("0", "not at all: the old one may have leaked"),
)


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
        _secrets(),
        _renew(),
        rx.el.p(SecretState.said, role="status", class_name="hint"),
        webhook_documentation(),
        hint="The preview queue's cases go where the draft says, the published queue's where the "
        "published version says.",
    )


def _secrets() -> rx.Component:
    return rx.el.div(
        rx.el.span("Secret", class_name="field-label"),
        webhook_secrets(on_show=SecretState.show),
        class_name="field",
    )


def _renew() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Make a new secret…"),
        rx.el.form(
            rx.el.label(
                rx.el.span("The old one goes on signing beside it", class_name="field-label"),
                rx.el.select(
                    *(rx.el.option(words, value=hours) for hours, words in OVERLAPS),
                    name="overlap",
                ),
                class_name="field",
            ),
            rx.el.button(
                "Make a new secret",
                type="submit",
                disabled=~client.connected,
            ),
            rx.el.p(
                "The preview queue takes it up at once, the published queue with the next Publish.",
                class_name="hint",
            ),
            on_submit=SecretState.renew,
            class_name="stack",
        ),
    )
