"""A process that escalates one case after the other and delivers them, until it is killed.

It writes each case's number once its commit has been answered. With `--drain` it escalates none.
"""

import asyncio
import sys
from datetime import timedelta

from escalation_app.db import configurations, escalations, people  # noqa: F401 - tables
from escalation_app.db.engine import Database
from escalation_app.domain import credentials, escalation, idempotency, tags  # noqa: F401 - tables
from escalation_app.domain.vocabulary import Queue, Urgency
from escalation_app.integrations.bus import MemoryBus
from escalation_app.integrations.vault import FernetVault
from escalation_app.integrations.webhooks.sender import make_sender
from escalation_app.services import intake
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation
from escalation_app.services.viewers import viewer_of
from escalation_app.settings import settings
from escalation_app.workers import listener
from escalation_app.workers.deliveries import Lane
from tests.cast import SEALER

# So short that what a killed process held is soon taken over.
LEASE = timedelta(seconds=1)


async def run(name: str, *, escalates: bool) -> None:
    bus = MemoryBus()
    desk = Desk(
        Database(settings().database_url),
        bus.announce,
        vault=FernetVault("tests' key"),
        sealer=SEALER,
    )
    sender = make_sender(settings().webhook_allowed_networks, settings().webhook_ca_file)
    lane = Lane(desk, sender, Queue.PUBLISHED, LEASE)
    async with asyncio.TaskGroup() as group:
        group.create_task(listener.run(bus, [lane.wake]))
        group.create_task(lane.run())
        if escalates:
            group.create_task(_escalate(desk, name))


async def _escalate(desk: Desk, name: str) -> None:
    async with desk.database.reading() as session:
        person = await people.by_username(session, "agent")
        assert person is not None
        agent = await viewer_of(session, person)
    number = 0
    while True:
        number += 1
        case = await intake.escalate(
            desk,
            agent,
            NewEscalation(
                queue=Queue.PUBLISHED,
                urgency=Urgency.HIGH,
                topic="Refund",
                area="Payment",
                reason="Charged twice.",
                trigger="Angry customer",
                external_id=f"{name}-{number}",
            ),
        )
        sys.stdout.write(f"{case.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], escalates="--drain" not in sys.argv))
