"""Secrets at rest: sealed with a key derived from the desk's own."""

import base64
import contextlib
import logging
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from escalation_app.domain.configuration_refusals import SecretKeyMissing, SecretUnreadable

log = logging.getLogger(__name__)

# Whatever else is derived from the same key says something else here.
PURPOSE = b"escalation desk: secrets at rest, 1"


class FernetVault:
    def __init__(self, secret_key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derived(secret_key, PURPOSE)))

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SecretUnreadable from None


def make_vault(secret_key: str | None, key_file: Path | None) -> FernetVault:
    """With the given key; without one, with the key that is kept in the file.

    Raises:
        SecretKeyMissing: There is neither.
    """
    return FernetVault(desk_key(secret_key, key_file))


def desk_key(secret_key: str | None, key_file: Path | None) -> str:
    """The desk's own key: the given one, or else the one that is kept in the file.

    Raises:
        SecretKeyMissing: There is neither.
    """
    if secret_key:
        return secret_key
    if key_file is None:
        raise SecretKeyMissing
    return _kept_key(key_file)


def derived(secret_key: str, purpose: bytes) -> bytes:
    """A key for one purpose alone."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())


def _kept_key(key_file: Path) -> str:
    fresh = secrets.token_urlsafe(32)
    try:
        return key_file.read_text() if key_file.exists() else _keep(key_file, fresh)
    except OSError as error:
        log.warning("the demo's key can't be kept, secrets end with this process: %s", error)
        return fresh


def _keep(key_file: Path, fresh: str) -> str:
    """Store the key for this user alone. Of several processes the first one's key is kept."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    own = key_file.with_name(f"{key_file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(fresh)
    with contextlib.suppress(FileExistsError):
        # A link appears whole or not at all.
        os.link(own, key_file)
    own.unlink()
    return key_file.read_text()
