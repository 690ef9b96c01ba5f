"""Links inside the desk: real addresses, followed without loading the page anew where that can be."""

from typing import Any

import reflex as rx


class InnerLink(rx.Component):
    """React Router's link, without a theme around it."""

    library = "react-router"
    tag = "Link"
    to: rx.Var[str]
    replace: rx.Var[bool]
    reload_document: rx.Var[bool]


def inner_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """An anchor to one of our own addresses."""
    return InnerLink.create(*children, to=href, **props)


def document_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """An anchor to an address of ours that is no page: the server answers it, not the router."""
    return inner_link(*children, href=href, reload_document=True, **props)
