"""The test conversation: the end user's side, with detection beside it."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.conversation.chat import chat
from escalation_app.components.conversation.client import start_form
from escalation_app.components.conversation.detection import case_card, profile, verdicts
from escalation_app.components.settings.page_frame import denied
from escalation_app.components.shell import line_banner, top_bar
from escalation_app.state.conversation import ConversationState


def page() -> rx.Component:
    """Chat on the left, detection on the right."""
    return rx.el.div(
        top_bar(),
        line_banner(),
        rx.cond(
            ConversationState.barred != "",
            denied(
                "Test conversations are not yours to write in",
                ConversationState.barred,
                "Builders and admins try the settings here.",
            ),
            _test(),
        ),
        class_name="workspace",
        data_line=client.connection_state,
    )


def _test() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.header(
                rx.el.h1("Test conversation"),
                rx.el.p(
                    "You write as the end user. What you say is judged by the settings of the queue.",
                    class_name="quiet-text",
                ),
            ),
            start_form(),
            class_name="card test-start",
        ),
        chat(),
        rx.el.aside(case_card(), verdicts(), profile(), class_name="beside"),
        class_name="test",
    )
