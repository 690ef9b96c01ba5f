"""What the end user is told, in which language summaries are, and how soon cases are answered."""

import reflex as rx

from escalation_app.components.settings.browser import text_field
from escalation_app.components.settings.fields import card, select_field
from escalation_app.domain.configuration_rules import RESPONSE_LIMIT
from escalation_app.domain.languages import LANGUAGES
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_form import UNITS
from escalation_app.state.settings_rows import TargetRow


def response_card() -> rx.Component:
    return card(
        "Escalation response",
        text_field(
            "response",
            "Message to the end user",
            SettingsState.response,
            rows=4,
            limit=RESPONSE_LIMIT,
            hint="The end user reads it in the conversation when a case is escalated.",
        ),
    )


def language_card() -> rx.Component:
    by_name = sorted(LANGUAGES.items(), key=lambda one: one[1].casefold())
    return card(
        "Summary",
        select_field(
            "language",
            "Summary language",
            SettingsState.language,
            *(rx.el.option(name, value=code) for code, name in by_name),
            hint="Without a model, extracts stay in the language of the conversation.",
        ),
    )


def targets_card() -> rx.Component:
    return card(
        "Response targets",
        rx.foreach(SettingsState.targets, _target),
        rx.foreach(
            SettingsState.warnings,
            lambda sentence: rx.el.p(sentence, class_name="notice", key=sentence.to(str)),
        ),
        hint="A case that is not completed by then is overdue, claimed or not.",
    )


def _target(target: rx.Var[TargetRow]) -> rx.Component:
    path = rx.Var.create("targets.") + target.urgency
    return rx.el.fieldset(
        rx.el.legend(target.urgency, class_name="urgency", data_urgency=target.urgency),
        text_field(path + ".amount", "Within", target.amount, input_mode="numeric"),
        select_field(
            path + ".unit",
            "Unit",
            target.unit,
            *(rx.el.option(unit, value=unit) for unit in UNITS),
        ),
        rx.el.output(target.words, class_name="in-words"),
        key=target.urgency,
        class_name="target",
    )
