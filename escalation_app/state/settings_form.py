"""The settings as the form shows them, and back: whatever is typed can stand in it."""

import re
from dataclasses import dataclass, replace

from escalation_app.domain.configuration import (
    Configuration,
    ResponseTargets,
    SupervisorScope,
    Tags,
    Webhook,
)
from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.vocabulary import Urgency

UNITS = {"minutes": 1, "hours": 60, "days": 1_440}
# More than any target may be, and still a number that every database and browser can hold.
NO_TARGET = 1_000_000
_MOST_DIGITS = len(str(NO_TARGET))
_AMOUNT = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class ConditionForm:
    """`key` stays with a condition while it is edited, so no field depends on its place."""

    key: str = ""
    label: str = ""
    description: str = ""
    urgency: str = Urgency.MEDIUM.value
    topic: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class TargetForm:
    urgency: str = ""
    amount: str = ""
    unit: str = "minutes"


@dataclass(frozen=True, slots=True)
class SupervisorForm:
    """`None` is ALL."""

    username: str = ""
    topics: Tags | None = ()
    areas: Tags | None = ()


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """All that can be edited; `next_key` names the next condition and is never used twice."""

    enabled: bool = False
    conditions: tuple[ConditionForm, ...] = ()
    response: str = ""
    language: str = ""
    targets: tuple[TargetForm, ...] = ()
    supervisors: tuple[SupervisorForm, ...] = ()
    topics: Tags = ()
    areas: Tags = ()
    webhook_enabled: bool = False
    webhook_url: str = ""
    next_key: int = 0


def form_of(bundle: Configuration) -> SettingsForm:
    """What the form shows of a bundle."""
    return SettingsForm(
        enabled=bundle.enabled,
        conditions=tuple(
            ConditionForm(
                f"c{number}", one.label, one.description, one.urgency.value, one.topic, one.area
            )
            for number, one in enumerate(bundle.conditions)
        ),
        response=bundle.response,
        language=bundle.language,
        targets=tuple(
            _target(urgency, bundle.targets.minutes(urgency)) for urgency in reversed(Urgency)
        ),
        supervisors=tuple(
            SupervisorForm(one.username, one.topics, one.areas) for one in bundle.supervisors
        ),
        topics=bundle.topics,
        areas=bundle.areas,
        webhook_enabled=bundle.webhook.enabled,
        webhook_url=bundle.webhook.url,
        next_key=len(bundle.conditions),
    )


def bundle_of(form: SettingsForm) -> Configuration:
    """The bundle that the form stands for, to be judged by the rules of the settings."""
    minutes = {target.urgency: minutes_of(target) for target in form.targets}
    return Configuration(
        enabled=form.enabled,
        conditions=tuple(
            TriggerCondition(one.label, one.description, Urgency(one.urgency), one.topic, one.area)
            for one in form.conditions
        ),
        response=form.response,
        language=form.language,
        targets=ResponseTargets(**{urgency.value: minutes[urgency.value] for urgency in Urgency}),
        supervisors=tuple(
            SupervisorScope(one.username, one.topics, one.areas) for one in form.supervisors
        ),
        topics=form.topics,
        areas=form.areas,
        webhook=Webhook(form.webhook_enabled, form.webhook_url),
    )


def minutes_of(target: TargetForm) -> int:
    """Whole minutes; 0, which no target may be, for what is no whole number."""
    if not is_amount(target.amount):
        return 0
    digits = target.amount.strip().lstrip("0") or "0"
    return min(int(digits[:_MOST_DIGITS]) * UNITS[target.unit], NO_TARGET)


def is_amount(typed: str) -> bool:
    """Digits alone: “1,440” and “1.5” mean different things to different people."""
    return bool(_AMOUNT.fullmatch(typed.strip()))


def with_targets_as_typed(form: SettingsForm, typed: SettingsForm) -> SettingsForm:
    """The same targets in the words in which they were typed."""
    before = {one.urgency: one for one in typed.targets}
    return replace(
        form,
        targets=tuple(
            before[one.urgency] if minutes_of(before[one.urgency]) == minutes_of(one) else one
            for one in form.targets
        ),
    )


def is_whole(form: SettingsForm) -> bool:
    """Whether a form from a browser's storage is one that this page could have kept."""
    urgencies = {urgency.value for urgency in Urgency}
    keys = [one.key for one in form.conditions]
    return (
        {target.urgency for target in form.targets} == urgencies
        and len(form.targets) == len(urgencies)
        and all(target.unit in UNITS for target in form.targets)
        and all(one.urgency in urgencies for one in form.conditions)
        and len(set(keys)) == len(keys)
        and f"c{form.next_key}" not in keys
    )


def with_condition(form: SettingsForm) -> SettingsForm:
    """One more, empty, at the end."""
    return replace(
        form,
        conditions=(*form.conditions, ConditionForm(key=f"c{form.next_key}")),
        next_key=form.next_key + 1,
    )


def without_condition(form: SettingsForm, key: str) -> SettingsForm:
    return replace(form, conditions=tuple(one for one in form.conditions if one.key != key))


def _target(urgency: Urgency, minutes: int) -> TargetForm:
    unit = next(name for name, size in reversed(UNITS.items()) if minutes % size == 0)
    return TargetForm(urgency.value, str(minutes // UNITS[unit]), unit)
