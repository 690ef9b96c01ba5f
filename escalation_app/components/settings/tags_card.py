"""The lists of topics and areas that conditions, filters and supervisors choose from."""

import reflex as rx

from escalation_app.components.settings.fields import card, is_wrong, wrong
from escalation_app.domain.text import NOTE_LIMIT
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_edits import EditState


def tags_card() -> rx.Component:
    return card(
        "Topics and areas",
        rx.el.div(
            _tag_list("topics", "topic", SettingsState.topics),
            _tag_list("areas", "area", SettingsState.areas),
            class_name="two",
        ),
        hint="A case has one of each. Supervisors see those that they are given.",
    )


def _tag_list(kind: str, word: str, tags: rx.Var[list[str]]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(kind.capitalize()),
        rx.el.div(
            rx.foreach(tags, lambda tag: _tag(kind, word, tag)),
            class_name="chips",
            role="group",
            aria_label=kind.capitalize(),
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="kind", value=kind),
            rx.el.label(f"New {word}", html_for=f"new-{kind}", class_name="field-label"),
            rx.el.div(
                rx.el.input(
                    id=f"new-{kind}",
                    name="tag",
                    # What is longer than a tag may be is refused in words, not cut.
                    max_length=NOTE_LIMIT,
                    auto_complete="off",
                    aria_invalid=is_wrong(kind),
                    aria_describedby=f"field-{kind}-error",
                ),
                rx.el.button(f"Add {word}", type="submit"),
                class_name="with-button",
            ),
            wrong(kind),
            rx.cond(
                SettingsState.still_used[kind] != "",
                rx.el.p(SettingsState.still_used[kind], role="status", class_name="notice"),
            ),
            on_submit=EditState.add_tag,
        ),
        class_name="tag-list",
    )


def _tag(kind: str, word: str, tag: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        tag,
        rx.el.span(" ×", aria_hidden="true"),
        type="button",
        class_name="chip",
        key=tag.to(str),
        aria_label=rx.Var.create(f"Remove {word} ") + tag.to(str),
        on_click=EditState.remove_tag(kind, tag),
    )
