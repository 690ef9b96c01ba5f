"""How long ago, how long to go: times that go on by themselves."""

import reflex as rx

from escalation_app.components.client.hooks import (
    AGE,
)


class _Age(rx.Component):
    library = AGE
    tag = "Age"
    at: rx.Var[str]
    ago: rx.Var[bool]


class _Due(rx.Component):
    library = AGE
    tag = "Due"
    at: rx.Var[str]
    since: rx.Var[str]


class _Until(rx.Component):
    library = AGE
    tag = "Until"
    at: rx.Var[str]


age = _Age.create
due = _Due.create
until = _Until.create
