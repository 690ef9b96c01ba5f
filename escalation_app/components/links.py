"""Links inside the desk: real addresses, followed without loading the page anew."""

from typing import Any

import reflex as rx


class InnerLink(rx.Component):
    """React Router's link, without a theme around it."""

    library = "react-router"
    tag = "Link"
    to: rx.Var[str]
    replace: rx.Var[bool]


def inner_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """An anchor to one of our own addresses."""
    return InnerLink.create(*children, to=href, **props)
