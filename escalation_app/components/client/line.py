"""The line to the desk and what it brings: indicator, sound, strip; and signing in."""

from typing import Any

import reflex as rx

from escalation_app.components.client.hooks import (
    ATTENTION,
    CONNECTION,
    SIGN_IN,
    WAY_BACK,
)
from escalation_app.state.screen import BeatState, FeedState


class _ConnectionIndicator(rx.Component):
    library = CONNECTION
    tag = "ConnectionIndicator"
    beat_state: rx.Var[str]
    feed_state: rx.Var[str]
    on_catch_up: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class _SoundButton(rx.Component):
    library = ATTENTION
    tag = "SoundButton"
    feed_state: rx.Var[str]


class _CriticalStrip(rx.Component):
    library = ATTENTION
    tag = "CriticalStrip"
    feed_state: rx.Var[str]


class _Username(rx.el.Input):
    library = SIGN_IN
    tag = "Username"


class _WayBack(rx.Component):
    library = WAY_BACK
    tag = "WayBack"


def connection_indicator(**handlers: Any) -> rx.Component:
    return _ConnectionIndicator.create(
        beat_state=BeatState.get_full_name(), feed_state=FeedState.get_full_name(), **handlers
    )


def sound_button() -> rx.Component:
    return _SoundButton.create(feed_state=FeedState.get_full_name())


def critical_strip() -> rx.Component:
    return _CriticalStrip.create(feed_state=FeedState.get_full_name())


username = _Username.create
way_back = _WayBack.create
