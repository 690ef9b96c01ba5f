"""An end user's profile as somebody typed it into a form."""

from collections.abc import Sequence

from escalation_app.domain.configuration import same_name
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import required, storable

FIELD_LIMIT = 30
NAME_LIMIT = 60
VALUE_LIMIT = 1_000


def profile_of(names: Sequence[object], values: Sequence[object]) -> dict[str, str]:
    """The profile, in the form's order. What has no value is left out.

    Raises:
        InvalidInput: A value without a name, a name twice, or what can't be stored; its field is
            the place in the form, such as `profile.2`.
    """
    if len(names) != len(values) or len(names) > FIELD_LIMIT:
        raise InvalidInput("profile", f"A profile has at most {FIELD_LIMIT} fields.")
    profile: dict[str, str] = {}
    taken: set[str] = set()
    for place, (given, value) in enumerate(zip(names, values, strict=True)):
        try:
            text = storable(value, f"Profile field “{_short(given)}”", limit=VALUE_LIMIT).strip()
            name = required(given, "The name of a profile field", limit=NAME_LIMIT) if text else ""
        except InvalidInput as refusal:
            raise InvalidInput(f"profile.{place}", str(refusal)) from None
        if not text:
            continue
        if same_name(name) in taken:
            raise InvalidInput(f"profile.{place}", f"The profile has the field “{name}” twice.")
        taken.add(same_name(name))
        profile[name] = text
    return profile


def _short(name: object) -> str:
    """For a sentence, whatever was sent."""
    return "".join(c for c in str(name)[:NAME_LIMIT] if c.isprintable())
