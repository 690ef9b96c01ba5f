"""Somebody saved meanwhile: nothing was overwritten, and one decides what holds."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.differences import differences_table, side
from escalation_app.domain.merging import Side
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_conflict import ClashRow
from escalation_app.state.settings_decisions import ConflictState
from escalation_app.state.versions import VersionsState

HEADING = "conflict-heading"


def conflict_card() -> rx.Component:
    return rx.cond(
        SettingsState.meanwhile != "",
        rx.el.section(
            rx.el.div(rx.el.h2(SettingsState.meanwhile, id=HEADING, tab_index=-1), role="alert"),
            rx.el.p("Nothing was overwritten. What you typed is still here and not saved."),
            rx.cond(
                SettingsState.compared,
                _decision(),
                rx.el.div(
                    rx.el.button(
                        "See the difference",
                        type="button",
                        disabled=~client.connected,
                        on_click=ConflictState.compare,
                    ),
                    class_name="button-row",
                ),
            ),
            class_name="card conflict",
            custom_attrs={"data-testid": "conflict"},
        ),
    )


def _decision() -> rx.Component:
    return rx.fragment(
        _part(
            SettingsState.clashes,
            "Both of you changed these. Choose which one holds:",
            _clashes_table(),
        ),
        _part(
            SettingsState.only_mine,
            "Only you changed these. They stay as you typed them:",
            differences_table(SettingsState.only_mine, "Theirs", "Mine"),
        ),
        _part(
            SettingsState.only_theirs,
            "Only they changed these. They are taken over:",
            differences_table(SettingsState.only_theirs, "Before", "Theirs"),
        ),
        rx.el.div(
            rx.el.button(
                "Merge and go on",
                type="button",
                class_name="primary",
                disabled=~client.connected,
                on_click=ConflictState.merge,
            ),
            rx.el.button(
                "Take theirs",
                type="button",
                disabled=~client.connected,
                on_click=VersionsState.ask_to_discard,
            ),
            rx.el.span("Nothing is saved before you press Save.", class_name="hint"),
            class_name="button-row",
        ),
    )


def _part(rows: Any, words: str, table: rx.Component) -> rx.Component:
    return rx.cond(rows.length() > 0, rx.el.div(rx.el.p(words), table, class_name="conflict-part"))


def _clashes_table() -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(*(rx.el.th(name, scope="col") for name in ("Field", "Mine", "Theirs")))
            ),
            rx.el.tbody(rx.foreach(SettingsState.clashes, _clash)),
            class_name="differences",
        ),
        class_name="differences-box",
        tab_index=0,
        role="region",
        aria_label="Changed by both",
    )


def _clash(clash: rx.Var[ClashRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(clash.label, scope="row"),
        _choice(clash, Side.MINE, "Mine", clash.mine),
        _choice(clash, Side.THEIRS, "Theirs", clash.theirs),
        custom_attrs={"data-field": clash.field},
        # Of another conflict it is another choice.
        key=clash.field + clash.revision.to_string(),
    )


def _choice(clash: rx.Var[ClashRow], of: Side, name: str, words: rx.Var[str]) -> rx.Component:
    return side(
        words,
        rx.el.input(
            type="radio",
            name=rx.Var.create("clash-") + clash.field,
            # The browser's own, so that it answers a click at once.
            default_checked=clash.chosen == of.value,
            on_change=lambda _: ConflictState.choose(clash.field, of.value),
            aria_label=rx.Var.create(f"{name}: ") + clash.label,
        ),
    )
