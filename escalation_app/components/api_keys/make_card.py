"""Making a key: whose it is, and what it is called."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.fields import card
from escalation_app.state.api_keys import ApiKeysState, HolderRow

OWNER, LABEL = "key-owner", "key-label"


def make_card() -> rx.Component:
    return card(
        "Make a key",
        rx.el.form(
            _field("username", "Whose key", OWNER, _owner()),
            _field("label", "Label", LABEL, _label()),
            client.answered_button(
                "Make a key",
                "Making…",
                ApiKeysState.answered.to_string(),
                type="submit",
                class_name="primary",
            ),
            on_submit=ApiKeysState.make,
            no_validate=True,
            # A key was made: the next one begins with empty fields.
            key=ApiKeysState.made.to_string(),
            aria_label="Make a key",
            class_name="key-form",
        ),
    )


def _owner() -> rx.Component:
    return rx.el.select(
        rx.el.option("Choose…", value=""),
        rx.foreach(ApiKeysState.holders, _holder),
        id=OWNER,
        name="username",
        default_value="",
        **_wrong("username", OWNER),
    )


def _holder(one: rx.Var[HolderRow]) -> rx.Component:
    return rx.el.option(one.words, value=one.username, key=one.username)


def _label() -> rx.Component:
    return rx.el.input(
        id=LABEL,
        name="label",
        placeholder="Which program uses it",
        auto_complete="off",
        dir="auto",
        **_wrong("label", LABEL),
    )


def _field(name: str, label: str, field_id: str, control: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=field_id, class_name="field-label"),
        control,
        rx.cond(
            ApiKeysState.problems.contains(name),
            rx.el.p(ApiKeysState.problems[name], id=f"{field_id}-error", class_name="field-error"),
        ),
        class_name="field",
    )


def _wrong(name: str, field_id: str) -> dict[str, Any]:
    return {
        "aria_invalid": rx.cond(ApiKeysState.problems.contains(name), "true", "false"),
        "aria_describedby": f"{field_id}-error",
    }
