"""The summary of the selected case: asked for, being written, there, stale, or failed."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.domain.languages import UNDETERMINED
from escalation_app.domain.snapshots import SentenceRow
from escalation_app.state.screen import CaseState
from escalation_app.state.summary import PATIENCE, SummaryState

OURS = SummaryState.case_id == CaseState.facts.id
BEGUN = OURS & (SummaryState.phase == "writing")
INTERRUPTED = BEGUN & client.has_lasted(SummaryState.since, PATIENCE.total_seconds())
WRITING = BEGUN & ~INTERRUPTED
FAILED = INTERRUPTED | (OURS & (SummaryState.phase == "failed"))


def summary() -> rx.Component:
    """Each sentence with the messages that it comes from."""
    made = CaseState.summary
    return rx.fragment(
        rx.cond(
            WRITING,
            _writing(),
            rx.cond(made.source != "", _made(), _nothing_yet()),
        ),
        rx.cond(FAILED, _failed()),
        rx.cond(CaseState.facts.may_summarize & ~WRITING & ~FAILED, _generate()),
    )


def _nothing_yet() -> rx.Component:
    return rx.cond(~FAILED, rx.el.p("No summary yet.", class_name="quiet-text"))


def _writing() -> rx.Component:
    return rx.el.div(
        _sentences(SummaryState.coming),
        rx.el.p("Writing the summary…", role="status", class_name="quiet-text writing"),
    )


def _made() -> rx.Component:
    made = CaseState.summary
    return rx.el.div(
        rx.el.p(
            rx.cond(
                made.source == "extract",
                rx.el.span("Extract, no AI", class_name="source"),
                rx.fragment(rx.el.span("AI", class_name="source"), made.language),
            ),
            rx.el.span(made.made_by, " ", client.age(at=made.made_at, ago=True)),
            class_name="summary-head",
        ),
        rx.cond(
            made.language_code == UNDETERMINED,
            rx.el.p("No model: the sentences stay in their own language.", class_name="quiet-text"),
        ),
        rx.cond(
            made.stale,
            rx.el.p("Stale: messages came after this summary.", role="status", class_name="notice"),
        ),
        _sentences(made.sentences, lang=rx.cond(made.source == "ai", made.language_code, "")),
    )


def _sentences(rows: Any, **props: Any) -> rx.Component:
    return rx.el.ul(rx.foreach(rows, _sentence), class_name="sentences", **props)


def _sentence(row: rx.Var[SentenceRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(row.speaker != "", rx.el.span(row.speaker, class_name="speaker")),
            rx.el.bdi(row.text, class_name="text"),
        ),
        rx.el.span(
            rx.foreach(row.cites, lambda number: client.citation(number=number)),
            class_name="cites",
        ),
        rx.cond(
            row.doubt != "",
            rx.el.span(rx.el.strong("unverified"), " ", row.doubt, class_name="doubt", dir="auto"),
        ),
        custom_attrs={"data-testid": "summary-sentence", "data-doubt": row.doubt != ""},
    )


def _failed() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.cond(INTERRUPTED, "The summary was interrupted.", SummaryState.failure), role="alert"
        ),
        rx.el.div(
            _button("Try again", SummaryState.generate(CaseState.facts.id)),
            _button("Use the extract", SummaryState.extract(CaseState.facts.id)),
            class_name="summary-actions",
        ),
        class_name="notice bad",
    )


def _generate() -> rx.Component:
    return _button(
        rx.cond(CaseState.summary.source == "", "Generate summary", "Generate summary again"),
        SummaryState.generate(CaseState.facts.id),
    )


def _button(label: Any, on_click: Any) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="summarize",
        disabled=~client.connected,
        on_click=on_click,
    )
