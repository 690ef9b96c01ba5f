"""The list of cases."""

from typing import Any

import reflex as rx

from escalation_app.components import badges, client
from escalation_app.domain.snapshots import QueueRow
from escalation_app.state.screen import CountsState, RowsState
from escalation_app.state.workspace import WorkspaceState


def queue_list() -> rx.Component:
    """The rows, or why there are none."""
    rows = client.held_rows()
    return rx.el.div(
        # All of it is one place for the pointer, so that the way to the button does not leave it.
        client.list_hold(
            _head(),
            rx.el.div(
                rx.cond(
                    client.rows_loaded,
                    rx.cond(
                        rows.length() > 0,
                        # The key stands outermost: else each row takes the element of the one before
                        # it, and what the browser knows of an element fits another row.
                        rx.foreach(rows, lambda row: list_row(row=row, key=row.id)),
                        _nothing_here(),
                    ),
                    _loading(),
                ),
                _more(),
                class_name="rows",
                custom_attrs={"data-testid": "escalation-list"},
            ),
            class_name="held",
        ),
        class_name="list",
        data_behind=client.behind,
    )


def _head() -> rx.Component:
    """One line of a fixed height, so that nothing that appears in it moves the rows."""
    return rx.el.div(
        rx.el.span(
            rx.cond(
                client.behind,
                rx.cond(
                    client.connected,
                    "Loading…",
                    "This opens when the desk is connected again.",
                ),
                rx.match(
                    WorkspaceState.view,
                    ("completed", "Last completed first"),
                    ("all", "Newest first"),
                    "Most urgent first, then oldest",
                ),
            ),
            class_name="order",
            role="status",
        ),
        client.critical_strip(),
        rx.cond(client.waiting != "", client.show_held(client.waiting, class_name="held-new")),
        class_name="list-head",
    )


def _more() -> rx.Component:
    return rx.cond(
        RowsState.has_more,
        rx.cond(
            WorkspaceState.may_show_more,
            rx.el.button(
                "Show more",
                type="button",
                class_name="more",
                disabled=~client.connected,
                on_click=WorkspaceState.show_more,
            ),
            rx.el.p("There are more. The filters and the search reach them.", class_name="more"),
        ),
    )


@rx.memo
def list_row(row: rx.Var[QueueRow]) -> rx.Component:
    """One case, drawn again only when it changes: not whenever another one does."""
    return rx.cond(
        row.gone,
        rx.el.div("No longer in this list", class_name="row gone"),
        _live_row(row),
    )


def _live_row(row: rx.Var[QueueRow]) -> rx.Component:
    return client.address_link(
        rx.el.div(
            badges.urgency(row.urgency),
            rx.el.span(row.about, class_name="about", dir="auto"),
            rx.el.span("#", row.id, class_name="number"),
            rx.cond(
                row.status == "Completed",
                client.age(at=row.completed_at, ago=True),
                client.age(at=row.created_at),
            ),
            class_name="row-head",
        ),
        rx.el.p(row.reason, class_name="reason", dir="auto"),
        rx.el.div(
            rx.el.span(row.topic, " · ", row.area, class_name="where"),
            rx.cond(row.status != "Completed", client.due(at=row.due_at, since=row.created_at)),
            badges.status(row.status),
            rx.cond(row.owner != "", rx.el.span(row.owner, class_name="owner")),
            class_name="row-foot",
        ),
        changes={"case": row.id.to_string()},
        class_name="row",
        aria_current=rx.cond(WorkspaceState.case_id == row.id, "true", "false"),
        custom_attrs={
            "data-testid": "escalation-row",
            "data-id": row.id,
            "data-status": row.status,
            "data-urgency": row.urgency,
        },
    )


def _nothing_here() -> rx.Component:
    return rx.el.div(
        rx.cond(
            WorkspaceState.narrowed,
            rx.fragment(
                rx.el.strong("No case matches these filters"),
                rx.cond(
                    (WorkspaceState.view != "all") & (CountsState.all > 0),
                    client.address_link(
                        "All holds ",
                        CountsState.all,
                        " that do: look there",
                        changes={"view": "all"},
                        class_name="look-elsewhere",
                    ),
                ),
                client.reset_filters("Show all of this view"),
            ),
            rx.fragment(
                rx.el.strong("Nothing here right now"),
                rx.el.span("A new case appears by itself."),
            ),
        ),
        class_name="empty",
    )


def _loading() -> rx.Component:
    bars: list[Any] = [rx.el.div(class_name="skeleton") for _ in range(6)]
    return rx.el.div(*bars, role="status", aria_label="Loading", class_name="loading")
