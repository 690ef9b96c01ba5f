"""Things that happen while people look at their screens, done by another process of the desk."""

from typing import Any
from uuid import uuid4

from escalation_app.db import people
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Viewer
from escalation_app.domain.vocabulary import Queue, Speaker, Urgency
from escalation_app.services import conversations, escalations, intake
from escalation_app.services.desk import Desk
from escalation_app.services.intake import NewEscalation, NewMessage
from escalation_app.services.viewers import viewer_of
from tests.cast import id_of
from tests.servers.program import Program


async def viewer(desk: Desk, username: str) -> Viewer:
    async with desk.database.reading() as session:
        person = await people.by_username(session, username)
        assert person is not None
        return await viewer_of(session, person)


def a_case_arrives(
    program: Program,
    *,
    urgency: Urgency = Urgency.HIGH,
    topic: str = "Billing",
    area: str = "Payment",
    queue: Queue = Queue.PUBLISHED,
    reason: str = "Charged twice and very angry.",
    said: str = "I was charged twice!",
    profile: dict[str, Any] | None = None,
) -> int:
    """Returns its number."""
    message = NewMessage(Speaker.USER, said)
    new = NewEscalation(
        queue=queue,
        urgency=urgency,
        topic=topic,
        area=area,
        reason=reason,
        trigger="Angry customer",
        external_id=f"arrived-{uuid4().hex}",
        profile={"name": "Dana Whitfield"} if profile is None else profile,
        messages=(message,),
    )

    async def arrive(desk: Desk) -> int:
        return id_of(await intake.escalate(desk, await viewer(desk, "agent"), new))

    return program.from_outside(arrive)


def claims(program: Program, username: str, case_id: int) -> None:
    async def claim(desk: Desk) -> None:
        await escalations.claim(desk, await viewer(desk, username), case_id)

    program.from_outside(claim)


def releases(program: Program, username: str, case_id: int) -> None:
    async def release(desk: Desk) -> None:
        await escalations.release(desk, await viewer(desk, username), case_id, "")

    program.from_outside(release)


def the_customer_says(program: Program, case_id: int, text: str) -> None:
    async def say(desk: Desk) -> None:
        async with desk.database.reading() as session:
            case = await session.get_one(Escalation, case_id)
        agent = await viewer(desk, "agent")
        await conversations.add_message(desk, agent, case.conversation_id, Speaker.USER, text)

    program.from_outside(say)
