"""The workspace of a queue."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.case import case_pane
from escalation_app.components.coverage import coverage_line
from escalation_app.components.filters import filter_bar, view_tabs
from escalation_app.components.queue_list import queue_list
from escalation_app.components.shell import line_banner, preview_banner, top_bar
from escalation_app.state.workspace import WorkspaceState


def page() -> rx.Component:
    """List and filters on the left, the selected case on the right."""
    return rx.el.div(
        top_bar(
            client.sound_button(),
            on_catch_up=WorkspaceState.catch_up,
        ),
        preview_banner(),
        line_banner(),
        client.filed_notes(),
        coverage_line(),
        rx.el.main(
            rx.el.section(
                view_tabs(), filter_bar(), queue_list(), class_name="left", aria_label="Cases"
            ),
            case_pane(),
            class_name="panes",
        ),
        class_name="workspace",
        data_queue=WorkspaceState.queue,
        data_line=client.connection_state,
    )
