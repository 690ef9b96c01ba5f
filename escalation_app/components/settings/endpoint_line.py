"""How one queue's endpoint is doing, in a line."""

import reflex as rx

from escalation_app.components import client
from escalation_app.domain.snapshots import EndpointRow
from escalation_app.domain.vocabulary import Queue
from escalation_app.state.webhooks import WebhooksState


def endpoint_line(endpoint: rx.Var[EndpointRow], queue: Queue) -> rx.Component:
    """One line for each queue: where its events go, or why they don't."""
    return rx.el.div(
        rx.el.strong(queue.value.capitalize(), ": "),
        rx.cond(
            endpoint.is_enabled,
            rx.cond(
                endpoint.switched_off_at != "",
                _switched_off(endpoint, queue),
                rx.fragment(
                    rx.el.span(endpoint.url, class_name="url"),
                    rx.cond(
                        endpoint.failing_since != "",
                        rx.el.span(
                            " · failing since ",
                            client.age(at=endpoint.failing_since, ago=True),
                            class_name="failing",
                        ),
                    ),
                ),
            ),
            rx.el.span("the webhook is off", class_name="quiet-text"),
        ),
        class_name="endpoint",
        custom_attrs={"data-testid": "endpoint", "data-queue": queue.value},
    )


def _switched_off(endpoint: rx.Var[EndpointRow], queue: Queue) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            "Switched off ",
            client.age(at=endpoint.switched_off_at, ago=True),
            ": ",
            endpoint.switched_off_because,
            ". Nothing is sent to ",
            endpoint.url,
            " until you switch it on again; what waits is sent then.",
        ),
        client.answered_button(
            "Switch on again",
            "Switching on…",
            endpoint.switched_off_at,
            type="button",
            on_click=WebhooksState.switch_on(queue.value),
        ),
        class_name="notice warning",
        role="alert",
    )
