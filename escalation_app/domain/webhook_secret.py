"""The webhook's secret, and the port that seals it for the database."""

import base64
import secrets
from typing import Protocol

PREFIX = "whsec_"
SECRET_BYTES = 32
# How long a former secret goes on signing beside the one that took its place.
DEFAULT_OVERLAP_HOURS = 24
LONGEST_OVERLAP_HOURS = 7 * 24


def new_webhook_secret() -> str:
    """As Standard Webhooks has it: a prefix and the base64 of random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class Vault(Protocol):
    """Seals secrets with the desk's key, so that the database alone gives none away."""

    def seal(self, secret: str) -> str: ...

    def open(self, sealed: str) -> str:
        """Raises SecretUnreadable when it was sealed with another key, or is damaged."""


class NoVault:
    """For a desk that keeps no secrets."""

    def seal(self, secret: str) -> str:
        raise RuntimeError("This desk was started without a vault.")

    def open(self, sealed: str) -> str:
        raise RuntimeError("This desk was started without a vault.")
