"""Unsaved settings as a tab keeps them: per person, with the draft that they began from."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from escalation_app.state.settings_form import SettingsForm, is_whole

# What a browser stores can be anything; nobody's settings are this long.
LONGEST_KEPT = 1_000_000


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What somebody typed and has not saved."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    revision: int
    form: SettingsForm
    began: SettingsForm


_UNSAVED: TypeAdapter[Unsaved] = TypeAdapter(Unsaved)


def read_kept(kept: object, person_id: int) -> Unsaved | None:
    """What this person left, or None when there is nothing that can be read."""
    try:
        found = _of_everybody(kept).get(str(person_id))
        unsaved = None if found is None else _UNSAVED.validate_json(json.dumps(found))
    except (ValidationError, ValueError, RecursionError):
        return None
    return unsaved if unsaved and is_whole(unsaved.form) and is_whole(unsaved.began) else None


def write_kept(kept: object, person_id: int, unsaved: Unsaved | None) -> str:
    """The text to keep, with what other people left in the same browser untouched."""
    try:
        people = _of_everybody(kept)
    except (ValueError, RecursionError):
        people = {}
    people.pop(str(person_id), None)
    if unsaved is not None:
        people[str(person_id)] = _UNSAVED.dump_python(unsaved, mode="json")
    text = json.dumps(people, ensure_ascii=False) if people else ""
    # A text that the browser could not store would keep it from going on.
    return text if len(text) <= LONGEST_KEPT else ""


def _of_everybody(kept: object) -> dict[str, Any]:
    if not isinstance(kept, str) or not kept or len(kept) > LONGEST_KEPT:
        return {}
    people = json.loads(kept)
    return people if isinstance(people, dict) else {}
