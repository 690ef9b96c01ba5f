"""How a command works on the desk, and the words it answers in."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from escalation_app.db.engine import Database
from escalation_app.domain.refusals import Refusal
from escalation_app.integrations.bus import make_bus
from escalation_app.integrations.sealer import make_sealer
from escalation_app.integrations.vault import make_vault
from escalation_app.services.desk import Desk
from escalation_app.settings import settings


def on_the_desk(work: Callable[[Desk], Awaitable[Any]]) -> Any:
    """Do it in one go, and end with a refusal's sentence. None if it was broken off by Ctrl-C."""

    async def with_desk() -> Any:
        database = Database(settings().database_url)
        bus = make_bus(settings().redis_url)
        vault = make_vault(settings().known_key, settings().key_file)
        sealer = make_sealer(settings().known_key, settings().key_file)
        try:
            return await work(Desk(database, bus.announce, vault=vault, sealer=sealer))
        finally:
            await bus.close()
            await database.close()

    try:
        return asyncio.run(with_desk())
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        return None


def counted(number: int, noun: str) -> str:
    """So many of them, in words."""
    is_after_consonant = noun[-2] not in "aeiou"
    plural = f"{noun[:-1]}ies" if noun[-1] == "y" and is_after_consonant else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def to_the_minute(at: datetime) -> str:
    """A moment, as people write it."""
    return at.strftime("%Y-%m-%d %H:%M UTC")
