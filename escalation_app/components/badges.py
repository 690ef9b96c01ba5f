"""Small marks that say a thing by shape, word and colour at once."""

from typing import Any

import reflex as rx


def urgency(level: Any) -> rx.Component:
    """An urgency; its shape is drawn by the style sheet from `data-urgency`."""
    return rx.el.span(
        rx.el.span(class_name="shape", aria_hidden="true"),
        level,
        class_name="urgency",
        data_urgency=level,
    )


def status(value: Any) -> rx.Component:
    """A status as its word."""
    return rx.el.span(value, class_name="status", data_status=value)
