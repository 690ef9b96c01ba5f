"""What handlers tell the browser to do. Text in it is data: nothing of it is ever evaluated.

The framework's own `rx.toast`, `rx.call_script` and the like send code, which our pages' policy
forbids to run, and look for marks of its variables in whatever text they are given. An order is a
name and data; `assets/client/orders.js` has who takes it.
"""

from enum import StrEnum
from typing import Literal

import reflex as rx
from reflex_base.event import Event

# Under this name the page has a field whose value, whenever it is set, is an order.
TAKER = "__desk"


class Order(StrEnum):
    TOAST = "toast"
    RELOAD = "reload"
    REDIRECT = "redirect"
    SIGN_IN_AGAIN = "sign-in-again"
    REFUSED = "refused"
    NEW_KEY = "new-key"
    WEBHOOK_SECRETS = "webhook-secrets"


def tell(order: Order, data: object = None) -> Event:
    """Give an order and its data to whoever takes it on our page."""
    return Event("_set_value", payload={"ref": TAKER, "value": {"name": order, "data": data}})


def toast(
    level: Literal["error", "info", "success"],
    text: str,
    *,
    seconds: float = 4,
    close_button: bool = False,
    once_as: str = "",
) -> Event:
    """Say it for a while. Of those with the same `once_as`, one is shown."""
    options: dict[str, object] = {"duration": round(seconds * 1000), "closeButton": close_button}
    if once_as:
        options["id"] = once_as
    return tell(Order.TOAST, {"level": level, "text": text, "options": options})


def redirect(state: rx.State, path: str, *, replace: bool = False) -> Event:
    """Go to another of our pages, unless one has left the address that the running event came from."""
    return tell(Order.REDIRECT, {"origin": address_of(state), "path": path, "replace": replace})


def address_of(state: rx.State) -> str:
    """The path and query that stood in the address bar when the running event was sent."""
    url = state.router.url
    path = url.path.rstrip("/")
    return f"{path}?{url.query}" if url.query else path


def emptied(field: str) -> Event:
    """Empty the input field of this id."""
    ref = f"ref_{field.replace('-', '_')}"
    return Event("_set_value", payload={"ref": ref, "value": ""})
