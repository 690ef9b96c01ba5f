"""The webhooks' log, live: what was sent, what came of it, and what will be tried when."""

import reflex as rx

from escalation_app import routes
from escalation_app.components import client
from escalation_app.components.links import inner_link
from escalation_app.components.settings.endpoint_line import endpoint_line
from escalation_app.components.settings.fields import card
from escalation_app.domain.snapshots import DeliveryRow
from escalation_app.domain.vocabulary import Queue
from escalation_app.state.screen import DeliveriesState
from escalation_app.state.webhooks import WebhooksState


def deliveries_card() -> rx.Component:
    rows = rx.cond(WebhooksState.only_failed, DeliveriesState.failed, DeliveriesState.newest)
    return card(
        "Webhook deliveries",
        endpoint_line(DeliveriesState.preview, Queue.PREVIEW),
        endpoint_line(DeliveriesState.published, Queue.PUBLISHED),
        _send_test(),
        rx.el.p(WebhooksState.said, role="status", class_name="hint"),
        rx.cond(DeliveriesState.newest.length() > 0, _filter()),
        rx.cond(
            rows.length() > 0,
            rx.el.ol(
                rx.foreach(rows, _delivery),
                class_name="deliveries",
                aria_label="Deliveries, newest first",
            ),
            rx.el.p(
                rx.cond(WebhooksState.only_failed, "None has failed.", "Nothing was sent yet."),
                class_name="quiet-text",
            ),
        ),
    )


def _send_test() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            rx.el.span("Test the endpoint of", class_name="field-label"),
            rx.el.select(
                rx.el.option("the preview queue", value=Queue.PREVIEW.value),
                rx.el.option("the published queue", value=Queue.PUBLISHED.value),
                name="queue",
            ),
            class_name="field",
        ),
        rx.el.button("Send test event", type="submit", disabled=~client.connected),
        on_submit=WebhooksState.send_test,
        class_name="replay-ask",
    )


def _filter() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                default_checked=WebhooksState.only_failed,
                on_change=WebhooksState.show_failed,
            ),
            rx.el.span("Only failed"),
            class_name="switch",
        ),
        rx.cond(
            WebhooksState.only_failed & (DeliveriesState.failed.length() > 0),
            rx.fragment(*(_resend_all(queue) for queue in Queue)),
        ),
        class_name="button-row",
    )


def _resend_all(queue: Queue) -> rx.Component:
    return rx.el.button(
        f"Resend all failed, {queue.value}",
        type="button",
        disabled=~client.connected,
        on_click=WebhooksState.resend_failed(queue.value),
    )


def _delivery(row: rx.Var[DeliveryRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.code(row.type),
            rx.cond(
                row.case_id != 0,
                inner_link(
                    "Case #",
                    row.case_id,
                    href=_address(row),
                ),
            ),
            rx.el.span(row.queue, class_name="quiet-text"),
            client.age(at=row.created_at, ago=True),
            class_name="delivery-head",
        ),
        rx.el.div(
            rx.el.strong(_standing(row), class_name="standing"),
            rx.cond(row.attempts > 0, _last_attempt(row)),
            rx.cond(
                row.next_attempt_at != "",
                rx.el.span("next attempt ", client.until(at=row.next_attempt_at)),
            ),
            rx.cond(
                row.status == "failed",
                rx.el.button(
                    "Resend",
                    rx.el.span(" ", row.type, " ", row.id, class_name="sr-only"),
                    type="button",
                    class_name="quiet",
                    disabled=~client.connected,
                    on_click=WebhooksState.resend(row.id),
                ),
            ),
            class_name="delivery-foot",
        ),
        rx.cond(row.reason != "", rx.el.p(row.reason, class_name="why")),
        rx.cond(row.first_line != "", rx.el.code(row.first_line, class_name="answer", dir="auto")),
        key=row.id,
        custom_attrs={
            "data-testid": "delivery",
            "data-id": row.id,
            "data-status": row.status,
            "data-type": row.type,
        },
    )


def _address(row: rx.Var[DeliveryRow]) -> rx.Var[str]:
    page = rx.cond(row.queue == "preview", routes.QUEUE_PREVIEW, routes.QUEUE_PUBLISHED)
    return page.to(str) + "?view=all&case=" + row.case_id.to_string()


def _standing(row: rx.Var[DeliveryRow]) -> rx.Var[str]:
    return rx.cond(
        row.is_being_sent,
        "Being sent",
        rx.cond(
            row.is_paused,
            "Paused",
            rx.match(row.status, ("delivered", "Delivered"), ("failed", "Failed"), "Waiting"),
        ),
    )


def _last_attempt(row: rx.Var[DeliveryRow]) -> rx.Component:
    return rx.el.span(
        "attempt ",
        row.attempts,
        ", ",
        rx.cond(row.answered == 0, "no answer", row.answered.to_string()),
        ", ",
        row.duration_ms,
        " ms",
    )
