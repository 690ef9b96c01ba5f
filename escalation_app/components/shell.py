"""The frame around every page: the top bar, the preview banner, the state of the line."""

from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.components import client
from escalation_app.components.links import inner_link
from escalation_app.components.native_form import native_form
from escalation_app.state.frame import FrameState


def top_bar(*own: Any, **line: Any) -> rx.Component:
    """Where one is, whether it is live, and who one is; `own` is what only this page has there.

    `line` says what the page does when the line is back: `on_catch_up` tells what was missed.
    """
    return rx.el.header(
        rx.el.span(
            rx.el.img(src="/favicon.svg", alt="", width="20", height="20"),
            rx.el.span("Escalation desk", class_name="brand-name"),
            class_name="brand",
        ),
        rx.el.nav(
            _place("Published queue", routes.QUEUE_PUBLISHED, "published"),
            _place("Preview queue", routes.QUEUE_PREVIEW, "preview"),
            rx.cond(FrameState.may_configure, _place("Settings", routes.SETTINGS, "settings")),
            rx.cond(
                FrameState.may_converse,
                _place("Test conversation", routes.CONVERSATION, "conversation"),
            ),
            rx.cond(FrameState.may_manage_keys, _place("API keys", routes.KEYS, "keys")),
            aria_label="Pages",
            class_name="queues",
        ),
        rx.el.div(
            client.connection_indicator(**line),
            *own,
            rx.el.span(
                rx.el.strong(FrameState.viewer_name),
                " ",
                rx.el.span(FrameState.viewer_role, class_name="role"),
                class_name="who",
            ),
            native_form(
                rx.el.button("Sign out", type="submit", class_name="quiet"),
                action=routes.SIGN_OUT,
            ),
            class_name="top-right",
        ),
        class_name="top-bar",
    )


def preview_banner() -> rx.Component:
    """Nobody may take the preview for the real thing."""
    return rx.cond(
        FrameState.place == "preview",
        rx.el.div(
            rx.el.strong("Preview"),
            " These cases run on the draft configuration. They are not live operations.",
            class_name="preview-banner",
        ),
    )


def line_banner() -> rx.Component:
    """Why the actions are off, while they are. A page that only just loads is no trouble."""
    return rx.cond(
        client.line_trouble,
        rx.cond(
            client.connection_state == "Disconnected",
            rx.el.div(
                rx.el.span(
                    "Updates may not arrive. Actions are off, so that nobody works on what is old. "
                    "Last heard from the desk ",
                    client.age(at=client.heard_at, ago=True),
                    ".",
                ),
                rx.el.button("Reconnect now", type="button", on_click=client.reconnect_now),
                class_name="line-banner lost",
                role="alert",
            ),
            rx.el.div(
                "Reconnecting: actions are off until the desk answers again.",
                class_name="line-banner",
            ),
        ),
    )


def _place(label: str, href: str, place: str) -> rx.Component:
    first, _, second = label.partition(" ")
    return inner_link(
        first,
        rx.el.span(f" {second}", class_name="second-word") if second else "",
        href=href,
        class_name="queue-link",
        aria_current=rx.cond(FrameState.place == place, "page", "false"),
    )
