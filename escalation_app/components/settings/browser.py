"""The browser-side pieces of the settings, wrapped for Python."""

from typing import Any

import reflex as rx

from escalation_app.components.client import call
from escalation_app.state.frame import FrameState
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_edits import EditState

SETTINGS = "$/public/client/settings.js"
LEFTOVERS = "$/public/client/leftovers.js"
forget_typed = call(SETTINGS, "forgetTyped")
drop_leftover = call(LEFTOVERS, "dropLeftover")


class _TextField(rx.Component):
    library = SETTINGS
    tag = "TextField"
    path: rx.Var[str]
    label: rx.Var[str]
    value: rx.Var[str]
    epoch: rx.Var[int]
    revision: rx.Var[int]
    person: rx.Var[str]
    error: rx.Var[str]
    hint: rx.Var[str]
    rows: rx.Var[int]
    limit: rx.Var[int]
    placeholder: rx.Var[str]
    input_mode: rx.Var[str]
    starts_focused: rx.Var[bool]
    on_edit: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


class _OnDifference(rx.Component):
    library = SETTINGS
    tag = "OnDifference"
    of: rx.Var[str]
    to: rx.Var[str]
    on_differ: rx.EventHandler[rx.event.no_args_event_spec]


class _LeadTo(rx.Component):
    library = SETTINGS
    tag = "LeadTo"
    attempt: rx.Var[int]
    at: rx.Var[str]


class _Leftovers(rx.Component):
    library = LEFTOVERS
    tag = "Leftovers"
    kept: rx.Var[str]
    on_found: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class _Dialog(rx.Component):
    library = SETTINGS
    tag = "Dialog"
    open: rx.Var[bool]
    label: rx.Var[str]
    on_dismiss: rx.EventHandler[rx.event.no_args_event_spec]


class _WebhookSecrets(rx.Component):
    library = "$/public/client/webhook_secrets.js"
    tag = "WebhookSecrets"
    on_show: rx.EventHandler[rx.event.no_args_event_spec]


def text_field(path: Any, label: str, value: Any, **props: Any) -> rx.Component:
    """A labelled field whose letters are the browser's own until they were heard."""
    return _TextField.create(
        path=path,
        label=label,
        value=value,
        error=SettingsState.problems[path],
        epoch=SettingsState.epoch,
        revision=SettingsState.revision,
        person=FrameState.viewer_name,
        on_edit=EditState.edit,
        **props,
    )


on_difference = _OnDifference.create
lead_to = _LeadTo.create
leftovers = _Leftovers.create
dialog = _Dialog.create
webhook_secrets = _WebhookSecrets.create
