"""The webhook: switch, address, secret, and what is sent."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import text_field
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
    is_hidden = (SecretState.preview == "") & (SecretState.published == "")
    is_one = (SecretState.preview == SecretState.published) | (SecretState.published == "")
    return rx.el.div(
        rx.el.span("Secret", class_name="field-label"),
        rx.cond(
            is_hidden,
            rx.el.div(
                rx.el.code("••••••••••••••••", class_name="secret"),
                rx.el.button("Show", type="button", on_click=SecretState.show),
                class_name="button-row",
            ),
            rx.fragment(
                rx.cond(
                    is_one,
                    _secret("Signs both queues' deliveries", SecretState.preview),
                    rx.fragment(
                        _secret("Signs the preview queue's deliveries", SecretState.preview),
                        _secret(
                            "Signs the published queue's until the next Publish",
                            SecretState.published,
                        ),
                    ),
                ),
                rx.el.button("Hide", type="button", on_click=SecretState.hide),
            ),
        ),
        class_name="field",
    )


def _secret(what_for: str, secret: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.code(secret, class_name="secret", custom_attrs={"data-testid": "webhook-secret"}),
        rx.el.button(
            "Copy",
            rx.el.span(": ", what_for, class_name="sr-only"),
            type="button",
            on_click=rx.set_clipboard(secret),
        ),
        rx.el.span(what_for, class_name="hint"),
        class_name="button-row",
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
