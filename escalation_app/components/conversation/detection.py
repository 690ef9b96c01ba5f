"""What detection makes of the conversation, and the case that came of it."""

import reflex as rx

from escalation_app.components import badges
from escalation_app.components.client import connected
from escalation_app.components.conversation.client import patience
from escalation_app.components.links import inner_link
from escalation_app.domain.snapshots import ProfileField
from escalation_app.state.conversation import ConversationState
from escalation_app.state.screen import CaseState
from escalation_app.state.verdicts import INTERRUPTED, PATIENCE, Verdict

# A little longer than the desk itself waits, since clocks differ.
_SECONDS = PATIENCE.total_seconds() + 2


def case_card() -> rx.Component:
    """The conversation's newest case, live, with the way to it."""
    facts, number = CaseState.facts, ConversationState.case_id
    return rx.cond(
        number > 0,
        rx.el.section(
            rx.cond(
                facts.id == number,
                rx.fragment(
                    rx.el.div(
                        badges.urgency(facts.urgency),
                        badges.status(facts.status),
                        rx.el.span(facts.topic, " · ", facts.area, class_name="where"),
                        class_name="case-facts",
                    ),
                    rx.el.p(rx.el.strong(facts.trigger), dir="auto"),
                    rx.cond(facts.became != "", rx.el.p(facts.became, class_name="became")),
                ),
            ),
            inner_link(
                "Open case #",
                number,
                " in the ",
                ConversationState.queue,
                " queue",
                href=ConversationState.case_href,
                class_name="to-case",
            ),
            class_name="card triggered",
            aria_label="Case",
            role="status",
        ),
    )


def verdicts() -> rx.Component:
    """One entry for each judged message, newest first."""
    rows = ConversationState.verdicts
    return rx.el.section(
        rx.el.h2("Detection"),
        rx.cond(
            ConversationState.quiet != "",
            rx.el.p(ConversationState.quiet, role="status", class_name="notice"),
        ),
        rx.cond(
            rows.length() > 0,
            rx.el.ol(rx.foreach(rows, _verdict), class_name="verdicts", aria_live="polite"),
            rx.el.p(
                "For each message of the end user: which condition fired, why, and who judged it.",
                class_name="quiet-text",
            ),
        ),
        class_name="section detection",
        aria_label="Detection",
    )


def profile() -> rx.Component:
    """The end user's profile as it was stored with the conversation."""
    return rx.cond(
        ConversationState.profile.length() > 0,
        rx.el.section(
            rx.el.h2("Profile"),
            rx.el.dl(rx.foreach(ConversationState.profile, _field), class_name="profile"),
            class_name="section",
        ),
    )


def _field(field: rx.Var[ProfileField]) -> rx.Component:
    return rx.el.div(rx.el.dt(field.name), rx.el.dd(field.value, dir="auto"))


def _verdict(row: rx.Var[Verdict]) -> rx.Component:
    return rx.el.li(
        rx.el.span("Message ", row.number, class_name="message-number"),
        rx.match(
            row.kind,
            (
                "detecting",
                patience(
                    rx.el.strong("Detecting…", class_name="pending"),
                    rx.el.div(rx.el.span("Not judged: ", INTERRUPTED), _again(row)),
                    since=row.since,
                    seconds=_SECONDS,
                ),
            ),
            ("met", _met(row)),
            ("none", rx.el.strong("No condition met")),
            (
                "joined",
                rx.el.span(
                    "Joins case #", row.case_id, ", which is open: people decide from here."
                ),
            ),
            ("dropped", rx.el.span("No case: ", row.reason)),
            rx.el.div(rx.el.span("Not judged: ", row.reason), rx.cond(row.again, _again(row))),
        ),
        _judge(row),
        key=row.number,
        custom_attrs={
            "data-testid": "verdict",
            "data-number": row.number,
            "data-kind": row.kind,
        },
    )


def _again(row: rx.Var[Verdict]) -> rx.Component:
    return rx.el.button(
        "Judge again",
        type="button",
        disabled=~connected,
        on_click=ConversationState.judge_again(ConversationState.conversation_id, row.number),
    )


def _met(row: rx.Var[Verdict]) -> rx.Component:
    return rx.fragment(
        rx.el.strong(row.trigger, dir="auto"),
        rx.el.div(
            badges.urgency(row.urgency),
            rx.el.span(row.topic, " · ", row.area, class_name="where"),
            rx.el.span("case #", row.case_id, class_name="where"),
            class_name="case-facts",
        ),
        rx.el.p(row.reason, class_name="text", dir="auto"),
    )


def _judge(row: rx.Var[Verdict]) -> rx.Component:
    return rx.cond(
        row.detector != "",
        rx.fragment(
            rx.cond(
                row.stepped_in != "",
                rx.el.p(
                    row.stepped_in, " The offline detector stepped in.", class_name="notice bad"
                ),
            ),
            rx.el.p(row.detector, " · ", row.took_ms, " ms", class_name="quiet-text judged-by"),
        ),
    )
