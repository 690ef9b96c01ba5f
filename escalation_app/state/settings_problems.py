"""What is wrong with the settings, beside the field of the form that it is about."""

from collections.abc import Sequence

from escalation_app.domain.configuration_refusals import FieldProblem
from escalation_app.state.settings_form import SettingsForm, is_amount

# Names in the rules that the form calls otherwise.
NO_AMOUNT = "Write a whole number in digits alone, such as 90."
FORM_NAMES = {"webhook.url": "webhook_url", "webhook.enabled": "webhook_enabled"}


def by_field(form: SettingsForm, problems: Sequence[FieldProblem]) -> dict[str, str]:
    """Each field of the form that can't be taken, with all that is wrong with it."""
    told: dict[str, list[str]] = {}
    for problem in problems:
        told.setdefault(_form_path(form, problem.field), []).append(_sentence(form, problem))
    return {path: " ".join(dict.fromkeys(sentences)) for path, sentences in told.items()}


def _sentence(form: SettingsForm, problem: FieldProblem) -> str:
    """What is no number at all is not said to be too small a one."""
    match problem.field.split("."):
        case ["targets", urgency]:
            typed = next(one.amount for one in form.targets if one.urgency == urgency)
            return problem.sentence if is_amount(typed) else NO_AMOUNT
        case ["conditions", number, "topic" | "area" as part]:
            held = getattr(form.conditions[int(number)], part)
            # The form offers what is in the list, so this one was in it.
            gone = f"“{held}” was removed from the list of {part}s; choose another."
            return gone if held else problem.sentence
        case _:
            return problem.sentence


def _form_path(form: SettingsForm, field: str) -> str:
    """The rules count members; the form knows them by their keys."""
    match field.split("."):
        case ["conditions", number, part]:
            return f"conditions.{form.conditions[int(number)].key}.{part}"
        case ["supervisors", number, part, *_]:
            ordered = sorted(form.supervisors, key=lambda one: one.username)
            return f"supervisors.{ordered[int(number)].username}.{part}"
        case ["topics" | "areas" as kind, _]:
            return kind
        case ["targets", urgency]:
            return f"targets.{urgency}.amount"
        case _:
            return FORM_NAMES.get(field, field)
