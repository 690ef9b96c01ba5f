"""What the cards are made of: a card, a select, a switch, a word about what is wrong."""

from typing import Any

import reflex as rx

from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_edits import EditState


def card(heading: str, *children: Any, hint: str = "", **props: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(heading),
        *((rx.el.p(hint, class_name="hint"),) if hint else ()),
        *children,
        class_name="card",
        aria_label=heading,
        **props,
    )


def select_field(path: Any, label: str, value: Any, *options: Any, hint: str = "") -> rx.Component:
    """A choice; what is wrong with it is told below it."""
    field_id = "field-" + rx.Var.create(path).to(str)
    return rx.el.div(
        rx.el.label(label, html_for=field_id, class_name="field-label"),
        rx.el.select(
            *options,
            id=field_id,
            value=value,
            on_change=lambda chosen: EditState.edit(path, chosen),
            aria_invalid=is_wrong(path),
            aria_describedby=field_id + "-error " + field_id + "-hint",
        ),
        *((rx.el.p(hint, id=field_id + "-hint", class_name="hint"),) if hint else ()),
        wrong(path),
        class_name="field",
    )


def tag_select(path: Any, label: str, value: Any, tags: Any) -> rx.Component:
    """One of the tags; what was chosen before stays in sight when it left the list."""
    return select_field(
        path,
        label,
        value,
        rx.cond(
            ~tags.contains(value),
            rx.el.option(rx.cond(value == "", "Choose…", value), value=value),
        ),
        rx.foreach(tags, lambda tag: rx.el.option(tag, value=tag, key=tag.to(str))),
    )


def switch(name: str, label: str, checked: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            role="switch",
            default_checked=checked,
            key=SettingsState.epoch.to_string(),
            on_change=lambda on: EditState.switch(name, on),
        ),
        rx.el.span(label),
        class_name="switch",
    )


def is_wrong(path: Any) -> Any:
    return rx.cond(SettingsState.problems.contains(path), "true", "false")


def wrong(path: Any) -> rx.Component:
    """Why the field can't be taken, read out with the field."""
    return rx.cond(
        SettingsState.problems.contains(path),
        rx.el.p(
            SettingsState.problems[path],
            id="field-" + rx.Var.create(path).to(str) + "-error",
            class_name="field-error",
        ),
    )
