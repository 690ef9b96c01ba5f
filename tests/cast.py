"""The people that the tests are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import EVERYTHING, Scope, Viewer
from escalation_app.domain.vocabulary import Queue, Role, Speaker, Urgency
from escalation_app.integrations.sealer import HmacSealer
from escalation_app.services import intake, people, supervisors
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation, NewMessage

ROLES = {
    "maria": Role.SUPERVISOR,
    "omar": Role.SUPERVISOR,
    "lina": Role.BUILDER,
    "admin": Role.ADMIN,
    "agent": Role.AGENT,
}
SEALER = HmacSealer("a key for tests")
OMARS = Scope(frozenset({"Billing", "Refund"}), frozenset({"Payment"}))


@dataclass(frozen=True)
class Cast:
    maria: Viewer
    omar: Viewer
    lina: Viewer
    admin: Viewer
    agent: Viewer


async def grant(desk: Desk, scopes: Mapping[str, Scope]) -> None:
    """Let supervisors see these scopes in both queues, as the command line does."""
    async with desk.changing() as change:
        await supervisors.grant_within(desk, change, scopes)


async def gather_cast(desk: Desk) -> Cast:
    created = {
        name: await people.create_person(desk, name, name.capitalize(), role)
        for name, role in ROLES.items()
    }
    await grant(desk, {"maria": EVERYTHING, "omar": OMARS})
    return Cast(**{name: await people.as_viewer(desk, one) for name, one in created.items()})


async def a_case(
    desk: Desk,
    cast: Cast,
    *,
    topic: str = "Refund",
    area: str = "Payment",
    urgency: Urgency = Urgency.HIGH,
    queue: Queue = Queue.PUBLISHED,
    reason: str = "Charged twice.",
    said: str = "I was charged twice!",
    conversation: str = "",
) -> Escalation:
    return await intake.escalate(
        desk,
        cast.agent,
        NewEscalation(
            queue=queue,
            urgency=urgency,
            topic=topic,
            area=area,
            reason=reason,
            trigger="Angry customer",
            external_id=conversation or f"test-{uuid4().hex}",
            profile={"name": "Dana"},
            messages=(NewMessage(Speaker.USER, said),),
        ),
    )


def id_of(escalation: Escalation) -> int:
    assert escalation.id is not None
    return escalation.id
