"""Trigger conditions: when a conversation is escalated, in plain language."""

import reflex as rx

from escalation_app.components.settings.browser import text_field
from escalation_app.components.settings.fields import card, select_field, tag_select, wrong
from escalation_app.domain.configuration_rules import DESCRIPTION_LIMIT
from escalation_app.domain.vocabulary import Urgency
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_edits import EditState
from escalation_app.state.settings_form import ConditionForm


def conditions_card() -> rx.Component:
    return card(
        "Trigger conditions",
        wrong("conditions"),
        rx.cond(
            SettingsState.conditions.length() == 0,
            rx.el.p("No condition yet: no conversation is escalated.", class_name="quiet-text"),
        ),
        rx.foreach(SettingsState.conditions, _condition),
        rx.el.button("Add trigger condition", type="button", on_click=EditState.add_condition),
        hint="The description is an instruction to the detection: what the user feels and wants. "
        "Urgency, topic and area hold unless the detection knows better. Where a message meets "
        "several, a model takes the most urgent one; without a model it is the one that asks for "
        "most of what was said, then the most urgent.",
    )


def _condition(condition: rx.Var[ConditionForm]) -> rx.Component:
    path = rx.Var.create("conditions.") + condition.key
    return rx.el.fieldset(
        rx.el.legend(
            rx.cond(condition.label == "", "New condition", condition.label), class_name="sr-only"
        ),
        rx.el.div(
            text_field(
                path + ".label",
                "Label",
                condition.label,
                starts_focused=SettingsState.added == condition.key,
            ),
            rx.el.button(
                "Delete",
                rx.el.span(" ", condition.label, class_name="sr-only"),
                type="button",
                class_name="quiet",
                on_click=EditState.remove_condition(condition.key),
            ),
            class_name="condition-head",
        ),
        text_field(
            path + ".description",
            "Description",
            condition.description,
            rows=2,
            limit=DESCRIPTION_LIMIT,
            placeholder="User is angry and asks for an urgent refund",
        ),
        rx.el.div(
            select_field(
                path + ".urgency",
                "Default urgency",
                condition.urgency,
                *(rx.el.option(one.value, value=one.value) for one in reversed(Urgency)),
            ),
            tag_select(path + ".topic", "Default topic", condition.topic, SettingsState.topics),
            tag_select(path + ".area", "Default area", condition.area, SettingsState.areas),
            class_name="three",
        ),
        key=condition.key,
        class_name="condition",
        custom_attrs={"data-testid": "condition"},
    )
