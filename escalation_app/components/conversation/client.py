"""The browser-side pieces of the test conversation, wrapped for Python."""

import reflex as rx

from escalation_app.components.client import connected
from escalation_app.demo import angry_customer
from escalation_app.state.conversation import ConversationState
from escalation_app.state.conversation_screen import WrongProfile

_FIELDS = [{"name": name, "value": value} for name, value in angry_customer.PROFILE.items()]


class _MessageBox(rx.Component):
    library = "$/public/client/message_box.js"
    tag = "MessageBox"
    conversation: rx.Var[int]
    person: rx.Var[int]
    sent: rx.Var[dict[str, str]]
    live: rx.Var[bool]
    on_send: rx.EventHandler[rx.event.passthrough_event_spec(int, str, str)]


class _StartForm(rx.Component):
    library = "$/public/client/start_form.js"
    tag = "StartForm"
    queue: rx.Var[str]
    conversation: rx.Var[int]
    live: rx.Var[bool]
    fields: rx.Var[list[dict[str, str]]]
    wrong: rx.Var[WrongProfile]
    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_start: rx.EventHandler[rx.event.passthrough_event_spec(str, str, list[str], list[str])]


class _Patience(rx.Component):
    library = "$/public/client/patience.js"
    tag = "Patience"
    since: rx.Var[str]
    seconds: rx.Var[float]


patience = _Patience.create


def message_box(*beside_send: rx.Component) -> rx.Component:
    return _MessageBox.create(
        *beside_send,
        conversation=ConversationState.conversation_id,
        person=ConversationState.viewer_id,
        sent=ConversationState.sent.to(dict),
        live=connected,
        on_send=ConversationState.say,
    )


def start_form() -> rx.Component:
    return _StartForm.create(
        queue=ConversationState.queue,
        conversation=ConversationState.conversation_id,
        live=connected,
        fields=_FIELDS,
        wrong=ConversationState.wrong_profile,
        on_choose=ConversationState.choose,
        on_start=ConversationState.start,
    )
