"""The keys that programs come with."""

from escalation_app.commands.work import on_the_desk, to_the_minute
from escalation_app.domain.people import COMMAND_LINE
from escalation_app.services import api_keys


def create_api_key(username: str, label: str) -> None:
    """Make an API key for a person or the agent; it is shown this once."""
    print(on_the_desk(lambda desk: api_keys.create(desk, COMMAND_LINE, username, label)))


def list_api_keys() -> None:
    """Show whose keys there are and when they were last used; never the keys themselves."""
    for key in on_the_desk(lambda desk: api_keys.listed(desk, COMMAND_LINE)):
        used = f"last used {to_the_minute(key.last_used_at)}" if key.last_used_at else "never used"
        ended = f", revoked {to_the_minute(key.revoked_at)}" if key.revoked_at else ""
        print(f"{key.id:>4}  {key.username} ({key.role.value})  {key.label}  {used}{ended}")


def revoke_api_key(key_id: int) -> None:
    """End a key, by its number in list-api-keys."""
    on_the_desk(lambda desk: api_keys.revoke(desk, COMMAND_LINE, key_id))
    print(f"Key {key_id} is revoked.")
