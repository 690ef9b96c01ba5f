"""Supervisors: found by name, each with the topics and areas that the server lets them see."""

from typing import Any

import reflex as rx

from escalation_app.components.settings.fields import card, is_wrong, wrong
from escalation_app.state.people_search import PeopleSearchState
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_edits import EditState
from escalation_app.state.settings_rows import PersonRow, SupervisorRow, TagChoice

SEARCH = "find-supervisor"


def supervisors_card() -> rx.Component:
    return card(
        "Supervisors",
        _search(),
        wrong("supervisors"),
        rx.cond(
            SettingsState.supervisors.length() == 0,
            rx.el.p("Nobody yet: only admins see cases.", class_name="quiet-text"),
        ),
        rx.foreach(SettingsState.supervisors, _supervisor),
        hint="A permission, not a view: nobody reads or is sent a case outside of it. "
        "It holds in the preview queue once saved, in the published queue once published.",
    )


def _search() -> rx.Component:
    return rx.el.div(
        rx.el.label("Find a person", html_for=SEARCH, class_name="field-label"),
        rx.el.input(
            id=SEARCH,
            type="search",
            placeholder="Name or username",
            max_length=200,
            auto_complete="off",
            on_change=PeopleSearchState.search.debounce(200),
        ),
        rx.cond(
            PeopleSearchState.text != "",
            rx.el.div(
                rx.foreach(PeopleSearchState.found, _found),
                rx.cond(
                    PeopleSearchState.found.length() == 0,
                    rx.el.p(
                        rx.cond(
                            PeopleSearchState.listed_already > 0,
                            "All supervisors with “",
                            "No supervisor has “",
                        ),
                        PeopleSearchState.text,
                        rx.cond(
                            PeopleSearchState.listed_already > 0,
                            "” in their name are in the list already.",
                            "” in their name.",
                        ),
                    ),
                ),
                class_name="found",
                role="status",
            ),
        ),
        class_name="field",
    )


def _found(person: rx.Var[PersonRow]) -> rx.Component:
    return rx.el.button(
        "Add ",
        rx.el.strong(person.name),
        " ",
        rx.el.span(person.username, class_name="quiet-text"),
        type="button",
        key=person.username,
        on_click=[
            EditState.add_supervisor(person.username),
            rx.set_value(SEARCH, ""),
            PeopleSearchState.clear(),
        ],
    )


def _supervisor(one: rx.Var[SupervisorRow]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(one.name, class_name="sr-only"),
        rx.el.div(
            rx.el.strong(one.name),
            rx.el.span(one.username, class_name="quiet-text"),
            rx.el.button(
                "Remove",
                rx.el.span(" ", one.name, class_name="sr-only"),
                type="button",
                class_name="quiet",
                on_click=EditState.remove_supervisor(one.username),
            ),
            class_name="supervisor-head",
        ),
        wrong(rx.Var.create("supervisors.") + one.username + ".username"),
        rx.cond(
            one.sees_nothing,
            rx.el.p("Sees nothing yet: choose topics and areas, or ALL.", class_name="hint"),
        ),
        _scope(one, "topics", "Topics", one.topics, one.all_topics),
        _scope(one, "areas", "Areas", one.areas, one.all_areas),
        key=one.username,
        class_name="supervisor",
        custom_attrs={"data-testid": "supervisor"},
    )


def _scope(
    one: rx.Var[SupervisorRow], kind: str, label: str, choices: Any, everything: Any
) -> rx.Component:
    path = rx.Var.create("supervisors.") + one.username + f".{kind}"

    def choice(row: rx.Var[TagChoice]) -> rx.Component:
        return _toggle(one.username, kind, row.tag, row.tag, row.chosen, "false")

    return rx.el.div(
        rx.el.span(label, class_name="scope-label"),
        rx.el.div(
            # The first one takes the focus when nothing at all is chosen.
            _toggle(one.username, kind, "", "ALL", everything, is_wrong(path)),
            rx.foreach(choices, choice),
            class_name="chips",
            role="group",
            aria_label=rx.Var.create(f"{label} of ") + one.name,
            aria_describedby="field-" + path + "-error",
        ),
        wrong(path),
        class_name="scope",
    )


def _toggle(
    username: Any, kind: str, tag: Any, label: Any, pressed: Any, invalid: Any
) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="chip toggle",
        key=tag,
        aria_pressed=rx.cond(pressed, "true", "false"),
        aria_invalid=invalid,
        on_click=EditState.toggle_scope(username, kind, tag),
    )
