"""What handlers tell the browser to do. Text in it is data: it never becomes the framework's code.

The framework's own `rx.toast` and the like look for marks of its variables in whatever text they
are given, and never come back from a mark that they don't know. People write such text too.
"""

import json
from typing import Literal

from reflex_base.event import Event


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
    call = f"refs['__toast']?.[{json.dumps(level)}]({json.dumps(text)}, {json.dumps(options)})"
    return Event("_call_function", payload={"function": f"(() => {call})", "callback": None})


def redirect(path: str, *, replace: bool = False) -> Event:
    """Go to another of our pages."""
    where = {"path": path, "external": False, "popup": False, "replace": replace}
    return Event("_redirect", payload=where)


def script(constant: str) -> Event:
    """Run a script of ours. No data goes in."""
    return Event("_call_script", payload={"javascript_code": constant, "callback": None})


def hand(taker: str, data: object) -> Event:
    """Give data to a function that our page has put on `window`."""
    # JSON in ASCII is a script's literal, whatever it says.
    call = f"window.{taker}?.({json.dumps(data)})"
    return Event("_call_script", payload={"javascript_code": call, "callback": None})


def emptied(field: str) -> Event:
    """Empty the input field of this id."""
    ref = f"ref_{field.replace('-', '_')}"
    return Event("_set_value", payload={"ref": ref, "value": ""})
