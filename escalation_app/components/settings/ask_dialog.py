"""What is about to happen, shown first: publishing, restoring and discarding ask once more."""

from typing import Any

import reflex as rx

from escalation_app.components import client
from escalation_app.components.settings.browser import dialog, forget_typed
from escalation_app.components.settings.differences import contents_table, differences_table
from escalation_app.state.settings import SettingsState
from escalation_app.state.versions import VersionsState

_NUMBER = VersionsState.asking_version.to_string()
_CHANGES = VersionsState.asking_changes


def ask_dialog() -> rx.Component:
    return dialog(
        rx.match(
            VersionsState.asking,
            ("publish", _publish()),
            ("restore", _restore()),
            ("look", _look()),
            ("discard", _discard()),
            rx.fragment(),
        ),
        open=VersionsState.asking != "",
        label=rx.match(
            VersionsState.asking,
            ("publish", "Publish"),
            ("restore", "Restore"),
            ("look", "Version"),
            "Discard",
        ),
        on_dismiss=VersionsState.dismiss,
        class_name="ask",
    )


def _publish() -> rx.Component:
    return _box(
        rx.Var.create("Publish the draft as version ") + _NUMBER + "?",
        rx.el.p("The published queue runs on it from then on."),
        _uncovered(),
        _what_changes("Published now", "With this version"),
        answer=_answer("Publish", VersionsState.publish),
    )


def _restore() -> rx.Component:
    return _box(
        rx.Var.create("Restore version ") + _NUMBER + " into the draft?",
        rx.el.p("The draft is replaced; what is published stays. The webhook's secret stays, too."),
        _what_changes("Draft now", "With this version"),
        answer=_answer("Restore", VersionsState.restore),
    )


def _look() -> rx.Component:
    return _box(
        rx.Var.create("Version ") + _NUMBER,
        rx.el.h2("What it contains"),
        contents_table(VersionsState.contents),
        rx.el.h2("What restoring it would change in the draft"),
        _what_changes("Draft", "This version"),
        dismissal="Close",
    )


def _discard() -> rx.Component:
    count = _CHANGES.length()
    return _box(
        rx.cond(
            count == 1,
            "Discard your change of 1 field?",
            rx.Var.create("Discard your changes of ") + count.to_string() + " fields?",
        ),
        rx.el.p("What you typed is lost. The draft stays as it is saved."),
        _what_changes("When you began", "Typed, to be discarded"),
        answer=_answer("Discard", [forget_typed, SettingsState.discard(), VersionsState.dismiss()]),
        dismissal="Keep typing",
    )


def _uncovered() -> rx.Component:
    """Cases that would wait unseen: allowed, and not to be overlooked."""
    return rx.cond(
        VersionsState.uncovered.length() > 0,
        rx.el.div(
            rx.el.strong("No supervisor of the published queue would see these:"),
            rx.el.ul(
                rx.foreach(VersionsState.uncovered, lambda one: rx.el.li(one, key=one.to(str)))
            ),
            class_name="notice",
            custom_attrs={"data-testid": "would-be-uncovered"},
        ),
    )


def _what_changes(before: str, after: str) -> rx.Component:
    return rx.cond(
        _CHANGES.length() > 0,
        differences_table(_CHANGES, before, after),
        rx.el.p("Nothing would change.", class_name="quiet-text"),
    )


def _answer(words: str, event: Any) -> rx.Component:
    return rx.el.button(
        words, type="button", class_name="primary", disabled=~client.connected, on_click=event
    )


def _box(
    heading: Any, *children: Any, answer: Any = None, dismissal: str = "Cancel"
) -> rx.Component:
    dismiss = rx.el.button(dismissal, type="button", on_click=VersionsState.dismiss)
    answers = [dismiss] if answer is None else [dismiss, answer]
    return rx.fragment(
        rx.el.h1(heading),
        rx.el.div(*children, class_name="ask-body"),
        rx.el.div(*answers, class_name="button-row answers"),
    )
