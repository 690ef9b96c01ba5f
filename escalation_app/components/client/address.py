"""The address bar's links, filters and search, and the list that it describes."""

from typing import Any

import reflex as rx

from escalation_app.components.client.hooks import (
    ADDRESS,
    LIST,
    LIST_HREF,
    ROWS,
)
from escalation_app.state.screen import CaseState, FilterControl


class _AddressLink(rx.Component):
    library = ADDRESS
    tag = "AddressLink"
    changes: rx.Var[dict[str, str]]


class _CaseLink(rx.Component):
    library = ADDRESS
    tag = "CaseLink"
    view: rx.Var[str]
    facts: rx.Var[dict[str, str]]


class _FilterSelect(rx.Component):
    library = ADDRESS
    tag = "FilterSelect"
    name: rx.Var[str]
    label: rx.Var[str]
    options: rx.Var[list[str]]


class _SearchBox(rx.Component):
    library = ADDRESS
    tag = "SearchBox"
    placeholder: rx.Var[str]


class _ChosenFilters(rx.Component):
    library = ADDRESS
    tag = "ChosenFilters"
    filters: rx.Var[list[FilterControl]]


class _ResetFilters(rx.Component):
    library = ADDRESS
    tag = "ResetFilters"


class _ListHold(rx.Component):
    library = LIST
    tag = "ListHold"


class _ShowHeld(rx.Component):
    library = LIST
    tag = "ShowHeld"
    rows_state: rx.Var[str]
    list: rx.Var[str]


def case_link(*children: Any, view: Any, **props: Any) -> rx.Component:
    """To a view that holds the selected case."""
    names = ("status", "urgency", "topic", "area")
    facts = {name: getattr(CaseState.facts, name) for name in names}
    return _CaseLink.create(*children, view=view, facts=facts, **props)


def show_held(*children: Any, **props: Any) -> rx.Component:
    """The button that takes in what waits."""
    return _ShowHeld.create(*children, rows_state=ROWS, list=LIST_HREF, **props)


address_link = _AddressLink.create
chosen_filters = _ChosenFilters.create
filter_select = _FilterSelect.create
list_hold = _ListHold.create
reset_filters = _ResetFilters.create
search_box = _SearchBox.create
