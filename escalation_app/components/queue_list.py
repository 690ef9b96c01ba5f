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
        client.critical_strip(),
        # The button stands inside, so that the way to it does not leave the list.
        client.list_hold(
            rx.cond(client.waiting_new > 0, _held_back()),
            rx.cond(
                client.rows_loaded,
                rx.cond(rows.length() > 0, rx.foreach(rows, _row), _nothing_here()),
                _loading(),
            ),
            class_name="rows",
            custom_attrs={"data-testid": "escalation-list"},
        ),
        rx.cond(
            RowsState.has_more,
            rx.cond(
                WorkspaceState.may_show_more,
                rx.el.button(
                    "Show more", type="button", class_name="more", on_click=WorkspaceState.show_more
                ),
                rx.el.p(
                    "There are more. The filters and the search reach them.", class_name="more"
                ),
            ),
        ),
        class_name="list",
    )


def _held_back() -> rx.Component:
    return rx.el.button(
        client.waiting_new,
        " new",
        type="button",
        class_name="held-new",
        on_click=client.show_held,
    )


def _row(row: rx.Var[QueueRow]) -> rx.Component:
    return rx.cond(
        row.gone,
        rx.el.div("No longer in this list", class_name="row gone", key=row.id),
        _live_row(row),
    )


def _live_row(row: rx.Var[QueueRow]) -> rx.Component:
    return client.address_link(
        rx.el.div(
            badges.urgency(row.urgency),
            rx.el.span(row.about, class_name="about", dir="auto"),
            rx.el.span("#", row.id, class_name="number"),
            client.age(at=row.created_at),
            class_name="row-head",
        ),
        rx.el.p(row.reason, class_name="reason", dir="auto"),
        rx.el.div(
            rx.el.span(row.topic, " · ", row.area, class_name="where"),
            badges.status(row.status),
            rx.cond(row.owner != "", rx.el.span(row.owner, class_name="owner")),
            class_name="row-foot",
        ),
        key=row.id,
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
                client.reset_filters("Take the filters away"),
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
