"""The seals of the timeline: HMAC-SHA256 with a key derived from the desk's own."""

import hashlib
import hmac
from pathlib import Path

from escalation_app.integrations.vault import derived, desk_key

PURPOSE = b"escalation desk: audit timeline, 1"


class HmacSealer:
    def __init__(self, secret_key: str) -> None:
        self._key = derived(secret_key, PURPOSE)

    def seal(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def make_sealer(secret_key: str | None, key_file: Path | None) -> HmacSealer:
    """With the given key; without one, with the key that is kept in the file.

    Raises:
        SecretKeyMissing: There is neither.
    """
    return HmacSealer(desk_key(secret_key, key_file))
