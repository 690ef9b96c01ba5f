"""Signatures as Standard Webhooks 1.0.0 has them: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from escalation_app.domain.webhook_secret import PREFIX


def signed_headers(
    message_id: str, at: datetime, body: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """The headers of one attempt, signed with each of the secrets, the newest first."""
    timestamp = int(at.timestamp())
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
