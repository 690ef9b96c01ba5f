"""Who may see what: found, granted, and checked for what nobody sees."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain

from escalation_app.db import configurations, supervisors
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_refusals import InvalidConfiguration
from escalation_app.domain.configuration_rules import problems, too_many
from escalation_app.domain.differences import differences
from escalation_app.domain.people import Permission, Scope, Viewer
from escalation_app.domain.publication import OPERATOR, Deed
from escalation_app.domain.text import storable
from escalation_app.domain.vocabulary import Role
from escalation_app.services.desk import Change, Desk

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class FoundPerson:
    username: str
    name: str
    role: Role


async def search_people(desk: Desk, by: Viewer, text: str, limit: int = 10) -> list[FoundPerson]:
    """Supervisors by a part of their name or username, but for those who were shut out.

    Raises:
        NotPermitted, InvalidInput
    """
    by.must(Permission.CONFIGURE)
    text = storable(text, "The search", limit=200).strip()
    async with desk.database.reading() as session:
        found = await supervisors.search(session, text, max(1, min(limit, MOST_FOUND)))
    return [FoundPerson(person.username, person.name, person.role) for person in found]


async def names(desk: Desk, by: Viewer, usernames: Collection[str]) -> dict[str, str]:
    """What those of these people who exist are called. Raises NotPermitted."""
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        return await supervisors.names(session, usernames)


async def grant_within(desk: Desk, change: Change, scopes: Mapping[str, Scope]) -> None:
    """Let supervisors see their scopes in both queues: for the one who has the command line.

    In the draft, and in a new version made of what is published: the draft stays unpublished.

    Raises:
        InvalidConfiguration: A scope is empty, a tag can't be one, somebody is no supervisor.
    """
    await _must_be_grantable(change, scopes)
    now = desk.clock()
    draft = await configurations.lock_draft(change.session)
    newest = await configurations.newest(change.session)
    granted, drafted = _granting(newest.content, scopes), _granting(draft.content, scopes)
    _must_be_short(granted, drafted)
    entry = draft.save(drafted, OPERATOR, now, Deed.GRANTED)
    entry.version = newest.number + 1
    change.session.add(newest.followed_by(granted, draft.revision, OPERATOR, now))
    await change.note(entry, differences(newest.content, granted))


async def _must_be_grantable(change: Change, scopes: Mapping[str, Scope]) -> None:
    """Judged apart from the draft, which may hold what is wrong for another reason."""
    roles = await supervisors.roles(change.session, scopes.keys())
    wrong = problems(_granting(Configuration(), scopes), roles)
    if wrong:
        raise InvalidConfiguration(wrong)


def _must_be_short(*bundles: Configuration) -> None:
    """Another person or tag may be one too many for what is there already."""
    wrong = tuple(chain.from_iterable(map(too_many, bundles)))
    if wrong:
        raise InvalidConfiguration(tuple(dict.fromkeys(wrong)))


def _granting(configuration: Configuration, scopes: Mapping[str, Scope]) -> Configuration:
    for username, scope in scopes.items():
        configuration = configuration.granting(username, scope)
    return configuration
