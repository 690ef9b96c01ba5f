"""An address that is no page of the desk."""

import reflex as rx

from escalation_app.components.links import document_link


def page() -> rx.Component:
    """Says so without a socket or a session, and leads back to whatever queue is one's own."""
    return rx.el.div(
        rx.el.header(
            document_link(
                rx.el.img(src="/favicon.svg", alt="", width="20", height="20"),
                rx.el.span("Escalation desk"),
                href="/",
                aria_label="Escalation desk",
                class_name="brand",
            ),
            class_name="top-bar",
        ),
        rx.el.main(
            rx.el.div(
                rx.el.h1("There is no such page"),
                rx.el.p("The address may be mistyped, or the page may have moved."),
                document_link("Go to the queue", href="/", class_name="button"),
                class_name="empty",
            ),
            class_name="settings",
        ),
        class_name="workspace settings-page",
    )
