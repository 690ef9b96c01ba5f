"""What is wrong with the settings, beside the field of the form that it is about."""

from collections.abc import Sequence

from escalation_app.domain.configuration_refusals import FieldProblem
from escalation_app.state.settings_form import SettingsForm

# Names in the rules that the form calls otherwise.
FORM_NAMES = {"webhook.url": "webhook_url", "webhook.enabled": "webhook_enabled"}


def by_field(form: SettingsForm, problems: Sequence[FieldProblem]) -> dict[str, str]:
    """Each field of the form that can't be taken, with all that is wrong with it."""
    told: dict[str, list[str]] = {}
    for problem in problems:
        told.setdefault(_form_path(form, problem.field), []).append(problem.sentence)
    return {path: " ".join(dict.fromkeys(sentences)) for path, sentences in told.items()}


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
