"""A verb on a case: it is read, changed, written and announced; again when another hand was first."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from escalation_app.db import case_changes
from escalation_app.db.case_changes import Found
from escalation_app.db.escalations import is_inside
from escalation_app.db.failures import kept_at_once
from escalation_app.domain.audit import chain
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import ALL_QUEUES, Viewer
from escalation_app.domain.refusals import NoSuchCase
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.services.desk import Desk
from escalation_app.services.outbox import delivery_of

# A lost try costs two short trips. Who holds a case makes all others wait until a busy loop has had
# its turns, so that is for the case that really many want.
TRIES = 4
Verb = Callable[[Found], TimelineEntry | None]


@dataclass(frozen=True, slots=True)
class _Done:
    case: Escalation
    fact: TimelineEntry | None


async def on_case(desk: Desk, by: Viewer, escalation_id: int, verb: Verb) -> Escalation:
    """Do the verb on the case as it is now, again if somebody changes it meanwhile.

    The last time holds the case, so that even a hundred who come second at once fail nobody.

    Raises:
        NoSuchCase
        Refusal: What the verb raises.
    """
    done = None
    for _ in range(TRIES):
        done = done or await _tried(desk, by, escalation_id, verb)
    done = done or await _held(desk, by, escalation_id, verb)
    assert done is not None, "nobody changes a case that is held"
    if done.fact is not None:
        await desk.tell([done.fact])
    return done.case


async def by_the_desk(desk: Desk, escalation_id: int, verb: Verb) -> TimelineEntry | None:
    """Do what becomes true without anybody. Its fact is the caller's to tell.

    None if it has none, or another hand was first.

    Raises:
        NoSuchCase
        Refusal: What the verb raises.
    """
    done = await _tried(desk, None, escalation_id, verb)
    return done.fact if done is not None else None


async def _tried(desk: Desk, by: Viewer | None, escalation_id: int, verb: Verb) -> _Done | None:
    """By whom, `None` for the desk itself. None: another hand was first."""
    if desk.database.is_sqlite:
        # There every writer has the database for itself.
        return await _held(desk, by, escalation_id, verb)
    async with desk.database.statements() as connection:
        found = await _found(connection, by, escalation_id)
        with kept_at_once():
            return await _done(desk, connection, found, verb)


async def _held(desk: Desk, by: Viewer | None, escalation_id: int, verb: Verb) -> _Done | None:
    async with desk.database.transaction() as session:
        connection = await session.connection()
        found = await _found(connection, by, escalation_id, held=True)
        return await _done(desk, connection, found, verb)


async def _found(
    connection: AsyncConnection, by: Viewer | None, escalation_id: int, *, held: bool = False
) -> Found:
    """The case as it is for whoever may see it; the desk itself sees all."""
    person, scopes = (by.person_id, by.scopes) if by else (None, ALL_QUEUES)
    found = await case_changes.find(connection, escalation_id, person, held=held)
    if found is None or not is_inside(found.case, scopes):
        raise NoSuchCase
    return found


async def _done(desk: Desk, connection: AsyncConnection, found: Found, verb: Verb) -> _Done | None:
    """None: another hand was first. Zero rows is a normal answer."""
    fact = verb(found)
    if fact is not None:
        chain(found.case, fact, desk.sealer)
        delivery = delivery_of(fact, found.case) if found.has_webhook else None
        if not await case_changes.write(connection, found, fact, delivery):
            return None
    return _Done(found.case, fact)
