"""How a program uses its key."""

from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.components.links import document_link
from escalation_app.components.settings.fields import card
from escalation_app.state.api_keys import ApiKeysState

BEARER = "curl -H 'Authorization: Bearer YOUR_KEY' \\\n  "


def usage_card() -> rx.Component:
    url = ApiKeysState.desk_url
    return card(
        "Use a key",
        rx.el.p("Read what waits, with the key of a supervisor, builder or admin:"),
        _example(BEARER, "'", url, "/api/v1/escalations?queue=published&view=waiting'"),
        rx.el.p("Begin a conversation, with the key of the agent or a builder:"),
        _example(
            BEARER,
            "-H 'Content-Type: application/json' \\\n  ",
            """-d '{"queue": "preview", "external_id": "chat-1", "profile": {"name": "Dana"}}' \\\n  """,
            url,
            "/api/v1/conversations",
        ),
        rx.el.p(
            "All calls, with what they answer: ",
            document_link("the API's documentation", href=routes.API_DOCS, class_name="plain"),
            ".",
        ),
    )


def _example(*words: Any) -> rx.Component:
    return rx.el.pre(rx.el.code(*words), class_name="example", tab_index=0)
