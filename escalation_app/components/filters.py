"""Views and filters: what the address bar says, as controls."""

from typing import Any

import reflex as rx

from escalation_app.components.links import inner_link
from escalation_app.state.screen import Chip, CountsState, FilterControl, Link, MineState
from escalation_app.state.workspace import WorkspaceState

SEARCH_BOX = "desk-search"


def view_tabs() -> rx.Component:
    """Waiting, Mine, All, Completed, each with its live count."""
    return rx.el.nav(
        rx.foreach(WorkspaceState.views, _view_tab), aria_label="Views", class_name="views"
    )


def filter_bar() -> rx.Component:
    """Four selects, a search, the chosen values, and the way back to none."""
    return rx.el.div(
        rx.el.div(rx.foreach(WorkspaceState.filters, _select), class_name="selects"),
        rx.el.label(
            rx.el.span("Search", class_name="filter-label"),
            rx.el.input(
                type="search",
                placeholder="Reason, name or message",
                default_value=WorkspaceState.search,
                id=SEARCH_BOX,
                # A key that changes while one types would take the focus and the letters away.
                key=WorkspaceState.queue,
                on_change=WorkspaceState.search_for.debounce(300),
                max_length=200,
            ),
            class_name="filter search",
        ),
        rx.cond(WorkspaceState.narrowed, _chosen()),
        rx.foreach(WorkspaceState.notices, _notice),
        rx.cond(
            WorkspaceState.caught_up != "",
            rx.el.p(WorkspaceState.caught_up, role="status", class_name="notice good"),
        ),
        class_name="filters",
    )


def reset_everything() -> list[Any]:
    """No filter and no search; the search box is the browser's own, so it is emptied there."""
    return [rx.set_value(SEARCH_BOX, ""), WorkspaceState.reset_filters()]


def _view_tab(view: rx.Var[Link]) -> rx.Component:
    count = rx.match(
        view.value,
        ("waiting", CountsState.waiting),
        ("mine", MineState.mine),
        ("completed", CountsState.completed),
        CountsState.all,
    )
    return inner_link(
        view.label,
        " ",
        rx.el.span(count, class_name="count"),
        href=view.href,
        class_name="view",
        aria_current=rx.cond(WorkspaceState.view == view.value, "page", "false"),
    )


def _select(control: rx.Var[FilterControl]) -> rx.Component:
    return rx.el.label(
        rx.el.span(control.label, class_name="filter-label"),
        rx.el.select(
            rx.el.option("Any", value=""),
            rx.cond(
                control.shown == "*",
                rx.el.option(control.summary, value="*", disabled=True),
            ),
            rx.foreach(control.options, lambda option: rx.el.option(option, value=option)),
            rx.cond(
                control.others.length() > 0,
                rx.el.optgroup(
                    rx.foreach(
                        control.others,
                        lambda option: rx.el.option("+ ", option, value="+" + option.to(str)),
                    ),
                    label="Show as well",
                ),
            ),
            value=control.shown,
            on_change=lambda value: WorkspaceState.filter_by(control.name, value),
        ),
        class_name="filter",
    )


def _chosen() -> rx.Component:
    return rx.el.div(
        rx.foreach(WorkspaceState.chips, _chip),
        rx.el.button(
            "Reset filters",
            type="button",
            class_name="quiet",
            on_click=reset_everything(),
        ),
        class_name="chips",
    )


def _chip(chip: rx.Var[Chip]) -> rx.Component:
    return rx.el.button(
        chip.value,
        rx.el.span(" ×", aria_hidden="true"),
        type="button",
        class_name="chip",
        aria_label=rx.Var.create("Remove filter ") + chip.value,
        on_click=WorkspaceState.filter_by(chip.name, "-" + chip.value.to(str)),
    )


def _notice(text: Any) -> rx.Component:
    return rx.el.p(text, role="status", class_name="notice")
