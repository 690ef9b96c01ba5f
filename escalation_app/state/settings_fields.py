"""One edit of the settings' form: which field, and what it holds now."""

from dataclasses import replace
from typing import Any

from escalation_app.domain.configuration import Tags, same_name
from escalation_app.domain.configuration_rules import MOST_TAGS
from escalation_app.domain.languages import LANGUAGES
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import NAME_LIMIT, required
from escalation_app.domain.vocabulary import Urgency
from escalation_app.state.settings_form import UNITS, SettingsForm, SupervisorForm

TYPED = {"response", "webhook_url"}
SWITCHES = {"enabled", "webhook_enabled"}
LISTS = {"topics": "topic", "areas": "area"}
OF_CONDITION = {"label", "description", "urgency", "topic", "area"}
OF_TARGET = {"amount": None, "unit": set(UNITS)}
CHOICES = {"urgency": {urgency.value for urgency in Urgency}, "language": set(LANGUAGES)}


def with_text(form: SettingsForm, path: str, value: str) -> SettingsForm:
    """The form with this in the field, such as `response` or `conditions.c3.label`.

    Raises:
        InvalidInput: There is no such field, or the value is none of its choices.
    """
    match path.split("."):
        case ["language"] if value in CHOICES["language"]:
            return replace(form, language=value)
        case [name] if name in TYPED:
            return _holding(form, name, value)
        case ["targets", urgency, part] if part in OF_TARGET:
            return _with_target(form, urgency, part, value)
        case ["conditions", key, part] if part in OF_CONDITION:
            if part == "urgency" and value not in CHOICES["urgency"]:
                raise _no_such_field()
            return _with_condition_text(form, key, part, value)
        case _:
            raise _no_such_field()


def with_switch(form: SettingsForm, name: str, on: bool) -> SettingsForm:
    """Raises InvalidInput when there is no such switch."""
    if name not in SWITCHES:
        raise _no_such_field()
    return _holding(form, name, on)


def with_tag(form: SettingsForm, kind: str, name: str) -> SettingsForm:
    """One more topic or area.

    Raises:
        InvalidInput: It is empty, too long, there already, or can't be a tag.
    """
    tags = _tags(form, kind)
    word = LISTS[kind]
    name = required(name, f"The {word}", limit=NAME_LIMIT)
    if "," in name:
        raise InvalidInput(kind, f"A {word} can't contain a comma.")
    if same_name(name) == "all":
        raise InvalidInput(kind, "“ALL” is kept for all of them.")
    if same_name(name) in {same_name(tag) for tag in tags}:
        raise InvalidInput(kind, f"“{name}” is in the list already.")
    if len(tags) >= MOST_TAGS:
        raise InvalidInput(kind, f"There can be {MOST_TAGS} of them at the most.")
    return _holding(form, kind, tuple(sorted((*tags, name), key=same_name)))


def without_tag(form: SettingsForm, kind: str, name: str) -> SettingsForm:
    """Raises InvalidInput when there is no such list."""
    return _holding(form, kind, tuple(tag for tag in _tags(form, kind) if tag != name))


def with_supervisor(form: SettingsForm, username: str) -> SettingsForm:
    """One more, who sees nothing yet. Raises InvalidInput when they are there already."""
    if username in {one.username for one in form.supervisors}:
        raise InvalidInput("supervisors", f"{username} is in the list already.")
    everybody = (*form.supervisors, SupervisorForm(username))
    return replace(form, supervisors=tuple(sorted(everybody, key=lambda one: one.username)))


def without_supervisor(form: SettingsForm, username: str) -> SettingsForm:
    others = tuple(one for one in form.supervisors if one.username != username)
    return replace(form, supervisors=others)


def with_scope(form: SettingsForm, username: str, kind: str, tag: str) -> SettingsForm:
    """Add the tag to what a supervisor sees, or take it away; "" stands for ALL.

    Raises:
        InvalidInput: There is no such person, list or tag.
    """
    known = _tags(form, kind)
    person = next((one for one in form.supervisors if one.username == username), None)
    if person is None:
        raise InvalidInput("supervisors", "This person is not in the list any more.")
    held: Tags | None = getattr(person, kind)
    if tag and tag not in (*known, *(held or ())):
        raise InvalidInput(kind, f"This {LISTS[kind]} is not in the list any more.")
    toggled: dict[str, Any] = {kind: _toggled(held, tag)}
    changed = replace(person, **toggled)
    return replace(
        form, supervisors=tuple(changed if one is person else one for one in form.supervisors)
    )


def _with_target(form: SettingsForm, urgency: str, part: str, value: str) -> SettingsForm:
    choices = OF_TARGET[part]
    if urgency not in CHOICES["urgency"] or (choices is not None and value not in choices):
        raise _no_such_field()
    return replace(
        form,
        targets=tuple(
            replace(one, **{part: value}) if one.urgency == urgency else one for one in form.targets
        ),
    )


def _with_condition_text(form: SettingsForm, key: str, part: str, value: str) -> SettingsForm:
    if key not in {one.key for one in form.conditions}:
        raise _no_such_field()
    return replace(
        form,
        conditions=tuple(
            replace(one, **{part: value}) if one.key == key else one for one in form.conditions
        ),
    )


def _holding(form: SettingsForm, name: str, value: Any) -> SettingsForm:
    held: dict[str, Any] = {name: value}
    return replace(form, **held)


def _tags(form: SettingsForm, kind: str) -> Tags:
    if kind not in LISTS:
        raise _no_such_field()
    tags: Tags = getattr(form, kind)
    return tags


def _toggled(held: Tags | None, tag: str) -> Tags | None:
    if not tag:
        return () if held is None else None
    if held is None:
        return (tag,)
    rest = tuple(one for one in held if one != tag)
    return rest if len(rest) < len(held) else tuple(sorted((*held, tag), key=same_name))


def _no_such_field() -> InvalidInput:
    return InvalidInput("field", "The settings have no such field.")
