"""What a webhook sends, and receivers that verify it: the files that stand in `examples/`."""

import json
from pathlib import Path

import reflex as rx

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
TYPES = (
    ("escalation.created", "a conversation was escalated"),
    ("escalation.claimed", "somebody took the case"),
    ("escalation.released", "it went back to the queue"),
    ("escalation.completed", "it was closed, with its resolution"),
    ("escalation.overdue", "it passed its response target, once in each status"),
    ("webhook.test", "somebody pressed “Send test event”; escalation is null"),
)
PAYLOAD = {
    "type": "escalation.claimed",
    "timestamp": "2026-11-24T09:30:12.482113Z",
    "data": {
        "escalation": {
            "id": 61,
            "queue": "published",
            "status": "InProgress",
            "urgency": "critical",
            "topic": "Billing",
            "area": "Payment",
            "reason": "Angry customer (message 7: “I want my money back now”)",
            "trigger": "Angry customer",
            "version": 2,
            "claimed_by": "Maria",
            "claimed_at": "2026-11-24T09:30:12.482113Z",
            "completed_by": None,
            "completed_at": None,
            "resolution": None,
            "due_at": "2026-11-24T09:44:50.120004Z",
            "created_at": "2026-11-24T09:29:50.120004Z",
            "updated_at": "2026-11-24T09:30:12.482113Z",
            "conversation_id": 48,
        },
        "queue": "published",
        "actor": "Maria",
    },
}


def webhook_documentation() -> rx.Component:
    return rx.el.details(
        rx.el.summary("What is sent, and how to verify it"),
        rx.el.div(
            rx.el.p(
                "A POST as ",
                rx.el.a(
                    "Standard Webhooks 1.0.0",
                    href="https://www.standardwebhooks.com",
                    target="_blank",
                    rel="noreferrer",
                ),
                " has it, under 20 kB: long texts are cut and end in “…”. ",
                rx.el.code("webhook-id"),
                " is the same in every attempt, so take each only once; ",
                rx.el.code("webhook-timestamp"),
                " is the attempt's own; ",
                rx.el.code("webhook-signature"),
                " may hold several signatures. Deliveries can overtake each other: the higher ",
                rx.el.code("version"),
                " is the newer.",
            ),
            rx.el.dl(
                *(rx.fragment(rx.el.dt(rx.el.code(name)), rx.el.dd(when)) for name, when in TYPES),
                class_name="event-types",
            ),
            _code("A body", json.dumps(PAYLOAD, indent=2, ensure_ascii=False)),
            rx.el.p(
                "Any 2xx within 15 seconds is a success. Everything else is tried again after 5 s, "
                "5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours, each give or take a fifth; 410 "
                "switches the endpoint off, and so do five days without a success. Redirects are "
                "not followed. 429, 502, 504 and Retry-After slow the desk down."
            ),
            _code("A receiver in Python", (EXAMPLES / "receiver.py").read_text()),
            _code("A receiver in JavaScript", (EXAMPLES / "receiver.mjs").read_text()),
            class_name="stack documentation",
        ),
    )


def _code(heading: str, text: str) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3(heading),
            rx.el.button(
                "Copy",
                rx.el.span(": ", heading, class_name="sr-only"),
                type="button",
                class_name="quiet",
                on_click=rx.set_clipboard(text),
            ),
            class_name="button-row",
        ),
        rx.el.pre(rx.el.code(text), tab_index=0, aria_label=heading),
    )
