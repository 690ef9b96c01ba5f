"""Views and filters: what the address bar says, as controls."""

import reflex as rx

from escalation_app.components import client
from escalation_app.domain.snapshots import MOST_COUNTED
from escalation_app.state.screen import CountsState, FilterControl, MineState
from escalation_app.state.workspace import WorkspaceState

COUNTS = (
    ("Waiting", "waiting", CountsState.waiting),
    ("Mine", "mine", MineState.mine),
    ("All", "all", CountsState.all),
    ("Completed", "completed", CountsState.completed),
)


def view_tabs() -> rx.Component:
    """Waiting, Mine, All, Completed, each with its live count."""
    tabs = [_view_tab(label, view, count) for label, view, count in COUNTS]
    return rx.el.nav(*tabs, aria_label="Views", class_name="views")


def filter_bar() -> rx.Component:
    """Four selects, a search, the chosen values, and the way back to none."""
    return rx.el.div(
        rx.el.div(rx.foreach(WorkspaceState.filters, _select), class_name="selects"),
        rx.el.label(
            rx.el.span("Search", class_name="filter-label"),
            client.search_box(placeholder="Reason, name, message or #number"),
            class_name="filter search",
        ),
        client.chosen_filters(filters=WorkspaceState.filters),
        rx.foreach(WorkspaceState.notices, _notice),
        class_name="filters",
    )


def _view_tab(label: str, view: str, count: rx.Var[int]) -> rx.Component:
    return client.address_link(
        label,
        " ",
        rx.el.span(_counted(view, count), class_name="count"),
        changes={"view": view},
        class_name="view",
        aria_current=rx.cond(WorkspaceState.view == view, "page", "false"),
    )


def _counted(view: str, count: rx.Var[int]) -> rx.Var[str]:
    """Under a search, what many words find is counted no further than a hundred; Mine always is."""
    if view == "mine":
        return count.to_string()
    is_cut = (WorkspaceState.search != "") & (count >= MOST_COUNTED)
    return rx.cond(is_cut, f"{MOST_COUNTED - 1}+", count.to_string())


def _select(control: rx.Var[FilterControl]) -> rx.Component:
    return client.filter_select(
        name=control.name, label=control.label, options=control.options, key=control.name
    )


def _notice(text: rx.Var[str]) -> rx.Component:
    return rx.el.p(text, role="status", class_name="notice")
