"""What is shown once goes to the page in an event of its own: no state holds it, so neither a reload
nor the store of the states has it again.
"""

from collections.abc import Mapping
from typing import Any

from escalation_app.state.browser_events import Order, tell


def hand_new_key(key: Mapping[str, str]) -> Any:
    return tell(Order.NEW_KEY, dict(key))


def hand_webhook_secrets(secrets: Mapping[str, str]) -> Any:
    return tell(Order.WEBHOOK_SECRETS, dict(secrets))
