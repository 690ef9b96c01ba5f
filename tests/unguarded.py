"""The timeline without its guard, as for an attacker who has the database."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_GUARDS = {
    "sqlite": ("timeline_entry_no_update", "timeline_entry_no_delete"),
    "postgresql": ("timeline_entry_no_change ON timeline_entry",),
}


async def unguard_timeline(connection: AsyncConnection) -> None:
    """Drop the triggers that keep the timeline append-only."""
    for guard in _GUARDS[connection.dialect.name]:
        await connection.execute(text(f"DROP TRIGGER IF EXISTS {guard}"))
