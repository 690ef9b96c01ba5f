"""Before publishing: what the draft would have made of real conversations."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.links import inner_link
from escalation_app.components.settings.fields import card
from escalation_app.state.replay import ReplayedRow, ReplayState
from escalation_app.state.screen import SettingsMarkState


def replay_card() -> rx.Component:
    return card(
        "Replay",
        rx.el.p(
            "Run the saved draft over the conversations that are stored, beside what is published. "
            "Nothing is escalated and nobody is told. Of each, up to 1,000 messages are judged.",
            class_name="quiet-text",
        ),
        _ask(),
        rx.cond(ReplayState.running, _progress()),
        rx.cond(ReplayState.done > 0, _found()),
    )


def _ask() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span("Last conversations", class_name="field-label"),
            rx.el.input(name="last", type="number", min=1, max=500, default_value="20"),
            class_name="field",
        ),
        rx.el.button("Replay", type="submit", disabled=ReplayState.running | ~client.connected),
        on_submit=ReplayState.start,
        class_name="replay-ask",
    )


def _progress() -> rx.Component:
    return rx.el.div(
        rx.el.progress(
            value=ReplayState.done.to_string(),
            max=ReplayState.total.to_string(),
            aria_label="Conversations judged",
        ),
        rx.el.button("Cancel", type="button", on_click=ReplayState.cancel),
        class_name="replay-progress",
    )


def _found() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.strong(ReplayState.done, " of ", ReplayState.total),
            " judged: ",
            rx.el.strong(ReplayState.rows.length()),
            " would change, ",
            ReplayState.unchanged,
            " would not.",
            rx.cond(ReplayState.finished | ReplayState.running, "", " Cancelled before the end."),
            role="status",
            custom_attrs={"data-testid": "replay-result"},
        ),
        rx.el.p(
            "Ran on ",
            ReplayState.ran_on,
            ", ",
            client.age(at=ReplayState.ran_at, ago=True),
            ".",
            class_name="quiet-text",
        ),
        rx.cond(_is_stale(), _stale()),
        rx.cond(ReplayState.rows.length() > 0, _table()),
    )


def _is_stale() -> Any:
    now = SettingsMarkState.now
    return (now != "") & (ReplayState.mark != now)


def _stale() -> rx.Component:
    return rx.el.p(
        "The draft or what is published has changed since. Replay again to see what holds now.",
        role="status",
        class_name="notice",
        custom_attrs={"data-testid": "replay-stale"},
    )


def _table() -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(rx.el.th("Conversation"), rx.el.th("Published"), rx.el.th("Draft"))
            ),
            rx.el.tbody(rx.foreach(ReplayState.rows, _row)),
            class_name="differences",
        ),
        class_name="differences-box",
    )


def _row(row: rx.Var[ReplayedRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            inner_link(row.about, " #", row.conversation_id, href=row.href),
            rx.el.div(row.effect, class_name="effect"),
            rx.el.div(row.detector, class_name="quiet-text"),
        ),
        rx.el.td(row.published, dir="auto"),
        rx.el.td(row.draft, dir="auto"),
        key=row.conversation_id,
        custom_attrs={"data-testid": "replayed", "data-effect": row.effect},
    )
