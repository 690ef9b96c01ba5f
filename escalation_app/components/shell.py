"""The frame around every workspace: the top bar, the preview banner, the state of the line."""

from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.components import client
from escalation_app.components.links import inner_link
from escalation_app.components.native_form import native_form
from escalation_app.state.workspace import WorkspaceState


def top_bar(reload: Any = WorkspaceState.load) -> rx.Component:
    """Where one is, whether it is live, and who one is; `reload` is the page's own loading."""
    return rx.el.header(
        rx.el.span(
            rx.el.img(src="/favicon.svg", alt="", width="20", height="20"),
            rx.el.span("Escalation desk", class_name="brand-name"),
            class_name="brand",
        ),
        rx.el.nav(
            _queue_link("Published queue", routes.QUEUE_PUBLISHED, "published"),
            _queue_link("Preview queue", routes.QUEUE_PREVIEW, "preview"),
            rx.cond(WorkspaceState.may_converse, _conversation_link()),
            aria_label="Pages",
            class_name="queues",
        ),
        rx.el.div(
            client.connection_indicator(reload),
            client.sound_button(),
            rx.el.span(
                rx.el.strong(WorkspaceState.viewer_name),
                " ",
                rx.el.span(WorkspaceState.viewer_role, class_name="role"),
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
        WorkspaceState.queue == "preview",
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
                    "Updates may not arrive. Actions are off, so that nobody works on an old list. "
                    "Last heard from the desk ",
                    client.age(at=client.heard_at, ago=True),
                    ".",
                ),
                rx.el.button("Reconnect now", type="button", on_click=client.reconnect_now),
                class_name="line-banner lost",
                role="alert",
            ),
            rx.el.div(
                "Reconnecting: actions are off until the list is live again.",
                class_name="line-banner",
            ),
        ),
    )


def _queue_link(label: str, href: str, queue: str) -> rx.Component:
    return inner_link(
        label,
        href=href,
        class_name="queue-link",
        aria_current=rx.cond(WorkspaceState.queue == queue, "page", "false"),
    )


def _conversation_link() -> rx.Component:
    return inner_link(
        "Test conversation",
        href=routes.CONVERSATION,
        class_name="queue-link",
        aria_current=rx.cond(WorkspaceState.queue == "", "page", "false"),
    )
