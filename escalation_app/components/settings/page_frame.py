"""What the pages of settings, keys and test conversations show instead of themselves."""

from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.components.links import inner_link


def denied(heading: str, why: Any, advice: str) -> rx.Component:
    """For whoever may not."""
    return rx.el.main(
        rx.el.div(
            rx.el.h1(heading),
            rx.el.p(why),
            rx.el.p(advice),
            inner_link("Go to the queue", href=routes.QUEUE_PUBLISHED, class_name="button"),
            class_name="empty",
        ),
        class_name="settings",
    )


def loading() -> rx.Component:
    bars = [rx.el.div(class_name="skeleton") for _ in range(4)]
    return rx.el.main(*bars, role="status", aria_label="Loading", class_name="settings")
