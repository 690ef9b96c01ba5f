"""What is shown once goes to the page in an event of its own: no state holds it, so neither a reload
nor the store of the states has it again.
"""

import json
from collections.abc import Mapping
from typing import Any

import reflex as rx


def hand_new_key(key: Mapping[str, str]) -> Any:
    return _hand("__deskNewKey", key)


def hand_webhook_secrets(secrets: Mapping[str, str]) -> Any:
    return _hand("__deskWebhookSecrets", secrets)


def _hand(taker: str, shown: Mapping[str, str]) -> Any:
    # JSON in ASCII is a script's literal, whatever it says; and no tag in it is one of the framework's.
    literal = json.dumps(dict(shown)).replace("<", "\\u003c")
    return rx.call_script(f"window.{taker}?.({literal})")
