"""A form that the browser posts by itself: the framework's own always keeps the post back."""

from typing import Any

import reflex as rx


class _NativeForm(rx.el.Div):
    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def native_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """Post the fields to one of our own Starlette routes."""
    return _NativeForm.create(*children, action=action, method="post", **props)
