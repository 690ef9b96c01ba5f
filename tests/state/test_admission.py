"""Which events come in, and what of them: no more than our own pages send."""

from typing import Any

import pytest
import reflex as rx
from reflex_base.utils.format import format_event_handler

from escalation_app.state.admission import LONGEST_STORED, admitted, stored_vars
from escalation_app.state.workspace import WorkspaceState

# The pages' states are registered with the program as a whole.
from escalation_app import escalation_app  # noqa: F401  # isort: skip

ROOT = "reflex___state____state"
BOOT = f"{ROOT}.hydrate_and_load"
UPDATE = f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal"
REPORT = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
CLAIM = format_event_handler(WorkspaceState.event_handlers["claim"])
REMEMBERED = f"{WorkspaceState.get_full_name()}.remembered_preview"


def event(name: object, payload: object = None, router: object = None) -> dict[str, Any]:
    return {"name": name, "payload": payload or {}, "router_data": router or {}, "more": "x"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        [],
        {},
        event(5),
        event(["x"]),
        event("nosuch.handler", {"password": "hunter2"}),
        event(f"{ROOT}.setvar", {"var_name": "is_hydrated", "value": 1}),
        event(f"{WorkspaceState.get_full_name()}.setvar", {"var_name": "search", "value": "x"}),
        event(f"{ROOT}.set_is_hydrated", {"value": True}),
        event(CLAIM, ["not", "a", "dict"]),
        event(CLAIM, {}, "x"),
        event(CLAIM, {}, {"asPath": ["x"]}),
        event(CLAIM, {}, {"asPath": "/" + "x" * 900_000}),
        event(CLAIM, {}, {"query": "x" * 900_000}),
        event(CLAIM, {}, {"query": {"x": "x" * 900_000}}),
        event(CLAIM, {}, {"query": {"x": {"y": "z"}}}),
    ],
    ids=lambda data: str(data)[:60],
)
def test_what_no_page_sends_stays_outside(data: object) -> None:
    assert admitted(data, is_signed_in=True) is None


def test_an_address_nested_without_end_is_no_fault() -> None:
    nested: Any = "x"
    for _ in range(100_000):
        nested = [nested]
    assert admitted(event(BOOT, {}, {"query": {"x": nested}}), is_signed_in=False) is None


def test_an_event_of_ours_comes_in_with_its_address_and_nothing_else() -> None:
    router = {"pathname": "/queue/preview", "asPath": "/queue/preview?q=x", "query": {"q": "x"}}
    came = admitted(
        event(CLAIM, {"case_id": 1}, router | {"headers": {"cookie": "x"}, "ip": "::1"}),
        is_signed_in=True,
    )
    assert came == {"name": CLAIM, "payload": {"case_id": 1}, "router_data": router}


@pytest.mark.parametrize("name", [BOOT, UPDATE])
def test_what_a_browser_stores_comes_in_only_when_known_and_short(name: str) -> None:
    sent = {
        REMEMBERED: "view=all",
        f"{REMEMBERED}_rx_state_": "view=mine",
        f"{WorkspaceState.get_full_name()}.remembered_published": "x" * 900_000,
        f"{WorkspaceState.get_full_name()}.search": "not stored by browsers",
        "nosuch.var": "x",
        f"{REMEMBERED}_": {"a": 1},
    }
    came = admitted(event(name, {"vars": sent}), is_signed_in=True)
    assert came is not None
    assert came["payload"]["vars"] == dict(list(sent.items())[:2])


def test_nothing_is_stored_for_who_is_not_signed_in() -> None:
    came = admitted(event(BOOT, {"vars": {REMEMBERED: "view=all"}}), is_signed_in=False)
    assert came is not None
    assert came["payload"]["vars"] == {}
    assert admitted(event(UPDATE, {"vars": {}}), is_signed_in=False) is None


def test_a_report_of_the_browser_is_short_and_comes_from_people_only() -> None:
    report = event(REPORT, {"info": "x" * 900_000, "component_stack": "y" * 900_000})
    came = admitted(report, is_signed_in=True)
    assert came is not None
    assert len(str(came)) < 3_000
    assert admitted(report, is_signed_in=False) is None


def test_each_var_that_browsers_store_has_a_limit() -> None:
    assert {stored.name for _, _, stored in stored_vars()} == set(LONGEST_STORED)


def test_all_of_our_handlers_can_be_called() -> None:
    for state in rx.State.get_substates():
        for handler in state.event_handlers.values():
            if hasattr(handler.fn, "permission"):
                name = format_event_handler(handler)
                assert admitted(event(name), is_signed_in=False) is not None


def test_who_is_not_signed_in_gives_no_handler_anything() -> None:
    name = format_event_handler(WorkspaceState.event_handlers["claim"])
    odd = event(name, {"case_id": "n0 ERROR all is lost"})
    came = admitted(odd, is_signed_in=False)
    assert came is not None
    assert came["payload"] == {}
    assert admitted(odd, is_signed_in=True)["payload"] == odd["payload"]  # type: ignore[index]


@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize("odd", [{"self": 1}, {"more": 1}, {"hashes": 5}, {"hashes": [5]}])
@pytest.mark.parametrize("handler", ["hydrate_and_load", "hydrate"])
def test_what_the_framework_does_not_expect_does_not_come_in(
    handler: str, odd: dict[str, object], is_signed_in: bool
) -> None:
    came = admitted(event(f"{ROOT}.{handler}", odd), is_signed_in=is_signed_in)
    assert came is not None
    assert came["payload"] == ({"vars": {}} if handler == "hydrate_and_load" else {})


def test_what_the_page_was_built_with_comes_in() -> None:
    came = admitted(event(BOOT, {"vars": {}, "hashes": ["a", "b"]}), is_signed_in=False)
    assert came is not None
    assert came["payload"] == {"vars": {}, "hashes": ["a", "b"]}
