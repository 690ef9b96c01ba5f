"""What differs between two bundles, field by field."""

from typing import Any

import reflex as rx

from escalation_app.domain.differences import FieldChange


def differences_table(changes: Any, before: str, after: str) -> rx.Component:
    """One row per field: what it was, what it becomes."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Field", scope="col"),
                    rx.el.th(before, scope="col"),
                    rx.el.th(after, scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(changes, _change)),
            class_name="differences",
        ),
        class_name="differences-box",
        tab_index=0,
        role="region",
        aria_label="Differences",
    )


def _change(change: rx.Var[FieldChange]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(change.label, scope="row"),
        side(change.before),
        side(change.after),
        custom_attrs={"data-field": change.field},
    )


def contents_table(contents: Any) -> rx.Component:
    """All that a bundle holds."""
    return rx.el.div(
        rx.el.table(
            rx.el.tbody(
                rx.foreach(
                    contents,
                    lambda one: rx.el.tr(rx.el.th(one.label, scope="row"), side(one.words)),
                )
            ),
            class_name="differences",
        ),
        class_name="differences-box",
        tab_index=0,
        role="region",
        aria_label="Contents",
    )


def side(words: rx.Var[str], *before: Any) -> rx.Component:
    return rx.el.td(
        *before,
        rx.cond(words == "", rx.el.span("nothing", class_name="quiet-text"), words),
        class_name="text",
        dir="auto",
    )
