"""An API key as the page draws it: whose it is and what became of it, never the key itself."""

from dataclasses import dataclass

from escalation_app.domain.snapshots import iso
from escalation_app.services.api_keys import KeyRow


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Times are ISO 8601 in UTC; "" is never."""

    id: int = 0
    label: str = ""
    owner: str = ""
    username: str = ""
    role: str = ""
    made_at: str = ""
    used_at: str = ""
    revoked_at: str = ""

    @classmethod
    def of(cls, key: KeyRow) -> "KeyLine":
        return cls(
            key.id,
            key.label,
            key.owner,
            key.username,
            key.role.value,
            iso(key.created_at),
            iso(key.last_used_at),
            iso(key.revoked_at),
        )
