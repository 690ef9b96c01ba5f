"""The people that the tests are about."""

from dataclasses import dataclass

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Scope, Viewer
from escalation_app.domain.vocabulary import Queue, Role, Speaker, Urgency
from escalation_app.services import escalations, people
from escalation_app.services.desk import Desk
from escalation_app.services.escalations import NewEscalation, NewMessage

OMARS = Scope(frozenset({"Billing", "Refund"}), frozenset({"Payment"}))


@dataclass(frozen=True)
class Cast:
    maria: Viewer
    omar: Viewer
    lina: Viewer
    admin: Viewer
    agent: Viewer


async def gather_cast(desk: Desk) -> Cast:
    async def person(name: str, role: Role, scope: Scope | None = None) -> Viewer:
        created = await people.create_person(desk, name.lower(), name, role, None, scope)
        return created.as_viewer()

    return Cast(
        await person("Maria", Role.SUPERVISOR),
        await person("Omar", Role.SUPERVISOR, OMARS),
        await person("Lina", Role.BUILDER),
        await person("Admin", Role.ADMIN),
        await person("Agent", Role.AGENT),
    )


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
) -> Escalation:
    return await escalations.escalate(
        desk,
        cast.agent,
        NewEscalation(
            queue=queue,
            urgency=urgency,
            topic=topic,
            area=area,
            reason=reason,
            trigger="Angry customer",
            external_id="test",
            profile={"name": "Dana"},
            messages=(NewMessage(Speaker.USER, said),),
        ),
    )


def id_of(escalation: Escalation) -> int:
    assert escalation.id is not None
    return escalation.id
