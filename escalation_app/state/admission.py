"""Which events of a tab come in, and what of them."""

import functools
import json
from collections.abc import Iterator
from typing import Any

import reflex as rx
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, UpdateVarsInternalState
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.utils.format import format_event_handler

from escalation_app.state.state_tree import classes_from

# By the name under which a browser stores it: how long it may be. What is longer is not taken in.
LONGEST_STORED = {
    "desk-filters-published": 2_000,
    "desk-filters-preview": 2_000,
    "desk-settings-unsaved": 256 * 1024,
}
LONGEST_ADDRESS = 16_000
LONGEST_REPORT = 2_000
Event = dict[str, Any]


def admitted(event: object, *, is_signed_in: bool) -> Event | None:
    """The event as it may come in, or None: not of a kind that our pages send.

    Nothing that a browser stores is taken from somebody who is not signed in.
    """
    if not isinstance(event, dict):
        return None
    name, payload = event.get("name"), event.get("payload") or {}
    if not isinstance(name, str) or name not in _names(is_signed_in):
        return None
    router = _address(event.get("router_data") or {})
    if not isinstance(payload, dict) or router is None:
        return None
    return {"name": name, "payload": _taken(name, payload, is_signed_in), "router_data": router}


def _taken(name: str, payload: Event, is_signed_in: bool) -> Event:
    """What of an event's arguments comes in. What a handler of the framework doesn't expect would be
    told in the log, as often as somebody likes.
    """
    if name == _boot():
        return _storage(payload, is_signed_in) | _hashes(payload)
    if name == _update():
        return _storage(payload, is_signed_in)
    if name == _report():
        return {"info": str(payload.get("info"))[:LONGEST_REPORT], "component_stack": ""}
    # Before a handler of ours refuses, the framework takes its arguments apart, and logs odd ones.
    return payload if is_signed_in and name not in _public() else {}


def _storage(payload: Event, is_signed_in: bool) -> Event:
    return {"vars": _stored(payload.get("vars")) if is_signed_in else {}}


def _hashes(payload: Event) -> Event:
    """Of the states that the page was built with, so that what it has is not sent again."""
    hashes = payload.get("hashes")
    is_one = isinstance(hashes, list) and all(isinstance(one, str) for one in hashes)
    return {"hashes": hashes} if is_one else {}


def _address(router: object) -> Event | None:
    """Where the tab is. The framework keeps it, so it is no longer than an address."""
    if not isinstance(router, dict):
        return None
    kept = {key: router[key] for key in ("pathname", "asPath", "query") if key in router}
    query = kept.get("query", {})
    if not isinstance(query, dict):
        return None
    # Nothing nested: how deep would be told in the log.
    texts = (kept.get("pathname", ""), kept.get("asPath", ""), *query.values())
    if not all(isinstance(text, str) for text in texts):
        return None
    return kept if len(json.dumps(kept)) <= LONGEST_ADDRESS else None


def _stored(values: object) -> dict[str, str]:
    if not isinstance(values, dict):
        return {}
    longest = _longest()
    return {
        name: value
        for name, value in values.items()
        if isinstance(value, str) and len(value) <= longest.get(name.removesuffix(FIELD_MARKER), -1)
    }


@functools.cache
def _names(is_signed_in: bool) -> frozenset[str]:
    """Our own handlers, and those of the framework without which no page shows anything."""
    ours = {
        format_event_handler(handler)
        for state in classes_from(rx.State)
        for handler in state.event_handlers.values()
        if hasattr(handler.fn, "permission")
    }
    return frozenset(ours | _public() | ({_update(), _report()} if is_signed_in else set()))


@functools.cache
def _public() -> frozenset[str]:
    hydrate = _of(rx.State, "hydrate")
    return frozenset({_boot(), hydrate, _of(OnLoadInternalState, "on_load_internal")})


@functools.cache
def _boot() -> str:
    return _of(rx.State, "hydrate_and_load")


@functools.cache
def _update() -> str:
    return _of(UpdateVarsInternalState, "update_vars_internal")


@functools.cache
def _report() -> str:
    return _of(FrontendEventExceptionState, "handle_frontend_exception")


@functools.cache
def _longest() -> dict[str, int]:
    """How long each stored var may be, by its full name."""
    return {
        f"{state.get_full_name()}.{name}": LONGEST_STORED[stored.name]
        for state, name, stored in stored_vars()
    }


def stored_vars() -> Iterator[tuple[type[rx.State], str, Any]]:
    """All vars that browsers store: their state, name, and how they are stored."""
    for state in classes_from(rx.State):
        for name, field in state.get_fields().items():
            if name in state.base_vars and state._is_client_storage(name):
                yield state, name, field.default_value()


def _of(state: type[rx.State], handler: str) -> str:
    return str(format_event_handler(state.event_handlers[handler]))
