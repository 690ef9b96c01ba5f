"""The chat as the end user has it."""

import reflex as rx

from escalation_app.components import client
from escalation_app.components.client import connected
from escalation_app.components.conversation.client import message_box
from escalation_app.demo import rehearsal
from escalation_app.domain.snapshots import MessageRow
from escalation_app.state.conversation import ConversationState


def chat() -> rx.Component:
    """What is said, and the box for what the end user says next."""
    return rx.el.section(
        _head(),
        client.scroll_to_latest(
            rx.cond(
                ConversationState.messages.length() > 0,
                rx.foreach(ConversationState.messages, _bubble),
                _nothing_said(),
            ),
            rx.cond(ConversationState.answering.length() > 0, _writing()),
            of=ConversationState.conversation_id,
            count=ConversationState.messages.length() + ConversationState.answering.length(),
            class_name="chat-log",
            custom_attrs={"role": "log", "aria-label": "What was said"},
        ),
        message_box(_next_message()),
        class_name="chat",
        aria_label="Chat",
    )


def _head() -> rx.Component:
    return rx.cond(
        ConversationState.conversation_id > 0,
        rx.el.h2(
            "Conversation #",
            ConversationState.conversation_id,
            " on the ",
            ConversationState.queue,
            " queue",
            class_name="chat-head",
        ),
    )


def _bubble(message: rx.Var[MessageRow]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(message.number, class_name="message-number"),
            rx.el.span(
                rx.match(message.speaker, ("user", "You"), ("agent", "Agent"), message.speaker)
            ),
            client.age(at=message.sent_at, ago=True),
            class_name="message-head",
        ),
        rx.el.p(message.text, class_name="text", dir="auto"),
        key=message.number,
        class_name="bubble",
        custom_attrs={
            "data-testid": "message",
            "data-number": message.number,
            "data-speaker": message.speaker,
        },
    )


def _nothing_said() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ConversationState.missing,
            rx.el.strong("No such conversation"),
            rx.cond(
                ConversationState.conversation_id > 0,
                rx.el.strong("Nothing has been said yet"),
                rx.el.strong("No conversation yet"),
            ),
        ),
        rx.cond(
            ConversationState.conversation_id > 0,
            rx.el.span("Write as the end user would. The agent answers."),
            rx.el.span("Start the angry customer, or start empty and write yourself."),
        ),
        class_name="empty",
    )


def _writing() -> rx.Component:
    return rx.el.p("The agent is writing…", class_name="quiet-text writing")


def _next_message() -> rx.Component:
    return rx.cond(
        ConversationState.scripted,
        rx.fragment(
            rx.el.button(
                "Next message",
                type="button",
                disabled=~connected | (ConversationState.script_step >= rehearsal.STEPS),
                # A double click is one wish: its second half names a step that is past.
                on_click=ConversationState.next_message(
                    ConversationState.conversation_id, ConversationState.script_step
                ),
            ),
            rx.el.span(
                rx.cond(
                    ConversationState.script_step >= rehearsal.STEPS,
                    "The script has ended",
                    rx.fragment(
                        "Script: ", ConversationState.script_step, f" of {rehearsal.STEPS}"
                    ),
                ),
                class_name="quiet-text",
            ),
        ),
    )
