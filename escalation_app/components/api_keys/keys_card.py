"""The keys there are, newest first; revoked ones stay, greyed."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.fields import card
from escalation_app.state.api_keys import ApiKeysState
from escalation_app.state.key_line import KeyLine
from escalation_app.state.screen import KeysState

COLUMNS = ("Label", "Owner", "Role", "Made", "Last used")


def keys_card() -> rx.Component:
    return card(
        "Keys",
        rx.cond(
            KeysState.keys.length() > 0,
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        *(rx.el.th(name, scope="col") for name in COLUMNS),
                        rx.el.th(rx.el.span("Revoke", class_name="sr-only"), scope="col"),
                    )
                ),
                rx.el.tbody(rx.foreach(KeysState.keys, _key)),
                class_name="keys",
            ),
            rx.el.p("There is no key yet.", class_name="quiet-text"),
        ),
        hint="A program acts as the person whose key it has: with their role, and it sees what they see.",
    )


def _key(key: rx.Var[KeyLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(key.label, scope="row", dir="auto"),
        _cell("Owner", key.owner, " ", rx.el.span(key.username, class_name="quiet-text")),
        _cell("Role", key.role),
        _cell("Made", client.age(at=key.made_at, ago=True)),
        _cell(
            "Last used", rx.cond(key.used_at == "", "never", client.age(at=key.used_at, ago=True))
        ),
        rx.el.td(rx.cond(key.revoked_at == "", _revoke(key), _revoked(key)), class_name="end"),
        key=key.id,
        data_revoked=rx.cond(key.revoked_at == "", "false", "true"),
        custom_attrs={"data-testid": "api-key", "data-id": key.id},
    )


def _cell(column: str, *children: Any) -> rx.Component:
    """On a narrow screen the column's name stands before it."""
    return rx.el.td(*children, custom_attrs={"data-column": column})


def _revoke(key: rx.Var[KeyLine]) -> rx.Component:
    return rx.el.button(
        "Revoke",
        rx.el.span(" “", key.label, "”", class_name="sr-only"),
        type="button",
        class_name="quiet",
        disabled=~client.connected,
        on_click=ApiKeysState.ask_to_revoke(key.id),
    )


def _revoked(key: rx.Var[KeyLine]) -> rx.Component:
    return rx.el.span("Revoked ", client.age(at=key.revoked_at, ago=True))
