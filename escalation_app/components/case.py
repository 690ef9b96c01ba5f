"""The selected case with its context."""

from typing import Any

import reflex as rx

from escalation_app.components import badges, client
from escalation_app.components.actions import claim_button, filing, why_off
from escalation_app.components.summary import summary
from escalation_app.domain.snapshots import MessageRow, ProfileField, TimelineRow
from escalation_app.state.screen import CaseState
from escalation_app.state.workspace import WorkspaceState


def case_pane() -> rx.Component:
    """The right pane; on a narrow screen a drawer."""
    return client.drawer(
        client.address_link("All cases", changes={"case": ""}, class_name="close-case quiet"),
        rx.cond(
            WorkspaceState.case_missing,
            _hint("No such case", "It may be outside your topics and areas."),
            rx.cond(
                WorkspaceState.case_id == 0,
                _hint("Choose a case", "Its reason, profile, conversation and history open here."),
                rx.cond(CaseState.facts.id == WorkspaceState.case_id, _case()),
            ),
        ),
        open=(WorkspaceState.case_id != 0) | WorkspaceState.case_missing,
        case=CaseState.facts.id,
        class_name="detail",
    )


def _case() -> rx.Component:
    return rx.el.div(
        _head(),
        _resolution(),
        _section("Reason", _reason()),
        _section("Summary", summary()),
        _section("Conversation", _conversation()),
        rx.el.aside(
            filing(),
            _section("Profile", _profile()),
            _section("Timeline", _timeline()),
            class_name="rail",
            aria_label="About this case",
        ),
        class_name="case",
    )


def _head() -> rx.Component:
    facts = CaseState.facts
    return rx.el.header(
        rx.el.div(
            rx.el.h1(
                rx.el.bdi(facts.about),
                " ",
                rx.el.span("#", facts.id, class_name="number"),
                tab_index=-1,
            ),
            claim_button(),
            class_name="case-title",
        ),
        rx.el.div(
            badges.urgency(facts.urgency),
            badges.status(facts.status),
            rx.el.span(facts.topic, " · ", facts.area, class_name="where"),
            rx.el.span("Arrived ", client.age(at=facts.created_at, ago=True), class_name="where"),
            rx.cond(
                facts.status != "Completed", client.due(at=facts.due_at, since=facts.created_at)
            ),
            class_name="case-facts",
        ),
        rx.el.p(
            rx.cond(facts.became != "", _became()),
            role="status",
            class_name="became",
        ),
        rx.cond(_is_elsewhere(), _elsewhere()),
        # Of a completed case the timeline tells it.
        rx.cond(
            (facts.handed_over_note != "") & (facts.status != "Completed"),
            _handed_over(),
        ),
        rx.cond(facts.why_not != "", rx.el.p(facts.why_not, class_name="quiet-text")),
        rx.cond(
            facts.may_complete,
            client.to_filing("Go to the resolution", class_name="to-filing"),
        ),
        why_off(),
        class_name="case-head",
    )


def _is_elsewhere() -> Any:
    """Whether nothing in the list marks the selection. Of a list's first page only the view can say."""
    status, view = CaseState.facts.status, WorkspaceState.view
    is_outside = ((view == "waiting") & (status != "Pending")) | (
        (view == "completed") & (status != "Completed")
    )
    return ~client.behind & (is_outside | client.is_absent(CaseState.facts.id))


def _elsewhere() -> rx.Component:
    facts = CaseState.facts
    is_at_work = facts.is_mine & (facts.status == "InProgress")
    return rx.el.p(
        "Not in this list. ",
        client.case_link(
            "Show it in its list",
            view=rx.cond(is_at_work, "mine", "all"),
            class_name="look-elsewhere",
        ),
        class_name="quiet-text",
    )


def _became() -> rx.Component:
    facts = CaseState.facts
    return rx.fragment(facts.became, " ", client.age(at=facts.became_at, ago=True))


def _handed_over() -> rx.Component:
    facts = CaseState.facts
    return rx.el.div(
        rx.el.span(
            "Note from ",
            facts.handed_over_by,
            " ",
            client.age(at=facts.handed_over_at, ago=True),
            class_name="quiet-text",
        ),
        rx.el.p(facts.handed_over_note, class_name="text", dir="auto"),
        class_name="notice handed-over",
    )


def _reason() -> rx.Component:
    facts = CaseState.facts
    return rx.fragment(
        rx.el.p(facts.reason, class_name="text", dir="auto"),
        rx.el.p(
            "Trigger condition: ",
            rx.el.strong(facts.trigger),
            rx.match(
                facts.detector,
                ("ai", ", judged by the model"),
                ("offline", ", judged by the offline detector"),
                "",
            ),
            class_name="quiet-text",
        ),
    )


def _profile() -> rx.Component:
    return rx.cond(
        CaseState.profile.length() > 0,
        rx.el.dl(rx.foreach(CaseState.profile, _profile_field), class_name="profile"),
        rx.el.p("The agent sent no profile.", class_name="quiet-text"),
    )


def _profile_field(field: rx.Var[ProfileField]) -> rx.Component:
    return rx.el.div(rx.el.dt(field.name), rx.el.dd(field.value, dir="auto"))


def _conversation() -> rx.Component:
    return client.scroll_to_latest(
        rx.foreach(client.messages, _message),
        of=CaseState.facts.id,
        count=CaseState.messages_count,
        class_name="conversation",
        custom_attrs={"role": "region", "aria-label": "Messages"},
    )


def _message(message: rx.Var[MessageRow]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(message.number, class_name="message-number"),
            rx.el.span(message.speaker, class_name="speaker"),
            client.age(at=message.sent_at, ago=True),
            class_name="message-head",
        ),
        rx.el.p(message.text, class_name="text", dir="auto"),
        key=message.number,
        id=rx.Var.create("message-") + message.number.to_string(),
        class_name="message",
        aria_current=rx.cond(client.cited == message.number, "true", "false"),
        custom_attrs={
            "data-testid": "message",
            "data-number": message.number,
            "data-speaker": message.speaker,
        },
    )


def _timeline() -> rx.Component:
    return rx.el.ol(rx.foreach(client.timeline, _entry), class_name="timeline")


def _entry(entry: rx.Var[TimelineRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(entry.sentence, dir="auto"),
        client.age(at=entry.at, ago=True),
        rx.cond(entry.note != "", rx.el.p(entry.note, class_name="text note", dir="auto")),
        key=entry.id,
        custom_attrs={"data-testid": "timeline-entry", "data-kind": entry.kind},
    )


def _resolution() -> rx.Component:
    facts = CaseState.facts
    return rx.cond(
        facts.status == "Completed",
        rx.el.section(
            rx.el.h2("Resolution"),
            rx.el.h3("What happened"),
            rx.el.p(facts.what_happened, class_name="text", dir="auto"),
            rx.el.h3("What was done"),
            rx.el.p(facts.action_taken, class_name="text", dir="auto"),
            rx.cond(
                facts.follow_up != "",
                rx.fragment(
                    rx.el.h3("Follow-up"),
                    rx.el.p(facts.follow_up, class_name="text", dir="auto"),
                ),
            ),
            class_name="card resolution",
        ),
    )


def _section(heading: str, *children: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(heading), *children, class_name=f"section section-{heading.lower()}"
    )


def _hint(heading: str, text: str) -> rx.Component:
    return rx.el.div(rx.el.strong(heading), rx.el.span(text), class_name="empty", role="status")
