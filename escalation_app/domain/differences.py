"""What differs between two bundles, field by field and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from escalation_app.domain.configuration import Configuration, SupervisorScope, Tags, same_name
from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.languages import own_name
from escalation_app.domain.vocabulary import Queue, Urgency


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. What is not there on a side is "" on that side."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A field and what it holds, in words."""

    field: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class _Member:
    """One of a list, known by its name and not by its place; `whole` is said when it comes or goes."""

    key: str
    label: str
    whole: str
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """One field and what it holds, in words."""

    label: str
    words: str


SECRET_MADE = FieldChange("webhook.secret", "Webhook secret", "", "made")
SECRET_CHANGED = FieldChange("webhook.secret", "Webhook secret", "the former one", "renewed")


def webhook_switched(queue: Queue, before: str, after: str) -> FieldChange:
    """An endpoint was switched, by itself or by hand; the settings say what they said."""
    return FieldChange("webhook", f"Webhook of the {queue.value} queue", before, after)


def differences(a: Configuration, b: Configuration) -> list[FieldChange]:
    """What has to change to get from `a` to `b`; empty when they are equal."""
    return [
        *_changed(_single(a), _single(b)),
        *_listed("conditions", "trigger conditions", _conditions(a), _conditions(b)),
        *_listed("supervisors", "supervisors", _supervisors(a), _supervisors(b)),
        *_listed("topics", "topics", _tags("Topic", a.topics), _tags("Topic", b.topics)),
        *_listed("areas", "areas", _tags("Area", a.areas), _tags("Area", b.areas)),
    ]


def described(configuration: Configuration) -> list[Described]:
    """All that a bundle holds, to be read."""
    members = (*_conditions(configuration), *_supervisors(configuration))
    return [
        *(Described(one.label, one.words) for one in _single(configuration)),
        *(Described(one.label, one.whole) for one in members),
        Described("Topics", ", ".join(configuration.topics)),
        Described("Areas", ", ".join(configuration.areas)),
    ]


def _single(configuration: Configuration) -> tuple[_Part, ...]:
    return (
        _Part("enabled", "Escalation", _switch(configuration.enabled)),
        _Part("response", "Escalation response", configuration.response),
        _Part("language", "Summary language", own_name(configuration.language)),
        *(
            _Part(
                f"targets.{urgency.value}",
                f"Response target, {urgency.value}",
                in_words(configuration.targets.minutes(urgency)),
            )
            for urgency in reversed(Urgency)
        ),
        _Part("webhook.enabled", "Webhook", _switch(configuration.webhook.enabled)),
        _Part("webhook.url", "Webhook URL", configuration.webhook.url),
    )


def _conditions(configuration: Configuration) -> list[_Member]:
    return _told_apart([_condition(one) for one in configuration.conditions])


def _condition(condition: TriggerCondition) -> _Member:
    name = f"Trigger condition “{condition.label}”"
    return _Member(
        same_name(condition.label),
        name,
        f"{condition.description} ({condition.urgency.value}, {condition.topic}, {condition.area})",
        (
            _Part("label", f"{name}, label", condition.label),
            _Part("description", f"{name}, description", condition.description),
            _Part("urgency", f"{name}, urgency", condition.urgency.value),
            _Part("topic", f"{name}, topic", condition.topic),
            _Part("area", f"{name}, area", condition.area),
        ),
    )


def _supervisors(configuration: Configuration) -> list[_Member]:
    return _told_apart([_supervisor(one) for one in configuration.supervisors])


def _supervisor(supervisor: SupervisorScope) -> _Member:
    name = f"Supervisor {supervisor.username}"
    topics, areas = _scope(supervisor.topics), _scope(supervisor.areas)
    return _Member(
        supervisor.username,
        name,
        f"topics {topics}; areas {areas}",
        (_Part("topics", f"{name}, topics", topics), _Part("areas", f"{name}, areas", areas)),
    )


def _tags(kind: str, tags: Tags) -> list[_Member]:
    return _told_apart(
        [_Member(same_name(tag), kind, tag, (_Part("name", kind, tag),)) for tag in tags]
    )


def told_apart(names: Sequence[str]) -> list[str]:
    """Two of the same name, which a list under work may hold, don't hide each other."""
    apart: dict[str, None] = {}
    for name in names:
        free = (f"{name} ({again})" for again in count(2))
        apart[name if name not in apart else next(one for one in free if one not in apart)] = None
    return list(apart)


def _told_apart(members: Sequence[_Member]) -> list[_Member]:
    keys = told_apart([member.key for member in members])
    return [replace(member, key=key) for member, key in zip(members, keys, strict=True)]


def _listed(
    field: str, called: str, a: Sequence[_Member], b: Sequence[_Member]
) -> Iterator[FieldChange]:
    before, after = {one.key: one for one in a}, {one.key: one for one in b}
    for key, one in before.items():
        if key not in after:
            yield FieldChange(f"{field}.{key}", one.label, one.whole, "")
        else:
            yield from _changed(one.parts, after[key].parts, f"{field}.{key}.")
    for key, one in after.items():
        if key not in before:
            yield FieldChange(f"{field}.{key}", one.label, "", one.whole)
    was, became = [key for key in before if key in after], [key for key in after if key in before]
    if was != became:
        yield FieldChange(field, f"Order of the {called}", ", ".join(was), ", ".join(became))


def _changed(a: Sequence[_Part], b: Sequence[_Part], owner: str = "") -> Iterator[FieldChange]:
    for one, other in zip(a, b, strict=True):
        if one.words != other.words:
            yield FieldChange(f"{owner}{one.field}", one.label, one.words, other.words)


def _switch(on: bool) -> str:
    return "on" if on else "off"


def _scope(tags: Tags | None) -> str:
    return "ALL" if tags is None else ", ".join(tags)


def in_words(minutes: int) -> str:
    """15 min, 1 h, 1 d 2 h 5 min."""
    days, rest = divmod(minutes, 1_440)
    hours, left = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (left, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
