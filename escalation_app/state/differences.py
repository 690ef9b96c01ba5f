"""What of the views that tabs look at is another value than before."""

from collections.abc import Mapping

from escalation_app.state.news import Vars
from escalation_app.state.views import SharedView


def differences(
    before: Mapping[SharedView, Vars], now: Mapping[SharedView, Vars]
) -> dict[SharedView, Vars]:
    """What changed, by view; a view that shows the same is left out."""
    found = {view: _difference(before[view], shown) for view, shown in now.items()}
    return {view: changed for view, changed in found.items() if changed}


def _difference(before: Vars, now: Vars) -> Vars:
    if before is now:
        return {}
    return {name: value for name, value in now.items() if _is_another(before, name, value)}


def _is_another(before: Vars, name: str, value: object) -> bool:
    if name not in before:
        return True
    # What is the very same need not be compared: most of a list is, after most changes.
    return before[name] is not value and bool(before[name] != value)
