"""The settings as the page draws them: small, frozen, and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from escalation_app.domain.configuration import Tags
from escalation_app.domain.configuration_rules import LONGEST_TARGET_MINUTES, warnings
from escalation_app.domain.differences import FieldChange, in_words
from escalation_app.domain.publication import Deed
from escalation_app.services.settings_snapshots import SettingsDeed, VersionSnapshot
from escalation_app.state.settings_form import SettingsForm, SupervisorForm, bundle_of, minutes_of


@dataclass(frozen=True, slots=True)
class TargetRow:
    urgency: str = ""
    amount: str = ""
    unit: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class TagChoice:
    tag: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SupervisorRow:
    username: str = ""
    name: str = ""
    all_topics: bool = False
    topics: list[TagChoice] = field(default_factory=list)
    all_areas: bool = False
    sees_nothing: bool = False
    areas: list[TagChoice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonRow:
    username: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    number: int = 0
    published_by: str = ""
    published_at: str = ""


@dataclass(frozen=True, slots=True)
class DeedRow:
    sentence: str = ""
    at: str = ""
    changes: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the draft and the published version stand."""

    saved_by: str = ""
    saved_at: str = ""
    version: int = 0
    published_by: str = ""
    published_at: str = ""


def shown_of(form: SettingsForm, names: Mapping[str, str]) -> dict[str, Any]:
    """The form as the page's vars, by their names."""
    return {
        "enabled": form.enabled,
        "conditions": list(form.conditions),
        "response": form.response,
        "language": form.language,
        "targets": target_rows(form),
        "warnings": [one.sentence for one in warnings(bundle_of(form))],
        "supervisors": supervisor_rows(form, names),
        "topics": list(form.topics),
        "areas": list(form.areas),
        "still_used": {kind: still_used(form, kind) for kind in ("topics", "areas")},
        "webhook_enabled": form.webhook_enabled,
        "webhook_url": form.webhook_url,
    }


def target_rows(form: SettingsForm) -> list[TargetRow]:
    return [
        TargetRow(one.urgency, one.amount, one.unit, _target_in_words(minutes_of(one)))
        for one in form.targets
    ]


def supervisor_rows(form: SettingsForm, names: Mapping[str, str]) -> list[SupervisorRow]:
    return [_supervisor(one, form, names) for one in form.supervisors]


def still_used(form: SettingsForm, kind: Literal["topics", "areas"]) -> str:
    """Which tags left the list and who still has them, "" when nobody has."""
    users: dict[str, list[str]] = {}
    for condition in form.conditions:
        held = condition.topic if kind == "topics" else condition.area
        if held:
            users.setdefault(held, []).append(f"the condition “{condition.label}”")
    for supervisor in form.supervisors:
        for tag in (supervisor.topics if kind == "topics" else supervisor.areas) or ():
            users.setdefault(tag, []).append(f"the supervisor {supervisor.username}")
    return " ".join(
        f"“{tag}” is no longer in the list, but used by {', '.join(by)}."
        for tag, by in users.items()
        if tag not in getattr(form, kind)
    )


def version_row(version: VersionSnapshot) -> VersionRow:
    at = version.published_at.isoformat()
    return VersionRow(version.number, version.published_by, at)


def deed_row(deed: SettingsDeed) -> DeedRow:
    return DeedRow(_sentence(deed), deed.at.isoformat(), list(deed.changes))


def _supervisor(one: SupervisorForm, form: SettingsForm, names: Mapping[str, str]) -> SupervisorRow:
    return SupervisorRow(
        one.username,
        names.get(one.username, one.username),
        one.topics is None,
        _choices(form.topics, one.topics),
        one.areas is None,
        not (one.areas is None or one.areas) or not (one.topics is None or one.topics),
        _choices(form.areas, one.areas),
    )


def _target_in_words(minutes: int) -> str:
    if minutes > LONGEST_TARGET_MINUTES:
        return "30 days at the most"
    return f"= {in_words(minutes)}" if minutes else ""


def _choices(known: Tags, held: Tags | None) -> list[TagChoice]:
    """Those of the list, and those still held that were taken out of it."""
    chosen = held or ()
    return [TagChoice(tag, tag in chosen) for tag in dict.fromkeys((*known, *chosen))]


def _sentence(deed: SettingsDeed) -> str:
    match deed.deed:
        case Deed.SAVED:
            return f"{deed.actor} saved the draft"
        case Deed.PUBLISHED:
            return f"{deed.actor} published version {deed.version}"
        case Deed.RESTORED:
            return f"{deed.actor} restored version {deed.version} into the draft"
        case Deed.SECRET_RENEWED:
            return f"{deed.actor} made a new webhook secret"
        case Deed.GRANTED:
            return f"{deed.actor} granted what supervisors see, as version {deed.version}"
        case Deed.WEBHOOK_SWITCHED_OFF:
            return f"{deed.actor} switched a webhook off"
        case Deed.WEBHOOK_SWITCHED_ON:
            return f"{deed.actor} switched a webhook on again"
