"""The settings: read, saved as the draft, published as a version, restored."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations, supervisors
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_refusals import (
    FieldProblem,
    InvalidConfiguration,
    NoSuchVersion,
    NothingToPublish,
)
from escalation_app.domain.configuration_rules import problems
from escalation_app.domain.differences import differences
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.publication import Author, Deed, Draft, PublishedVersion
from escalation_app.domain.vocabulary import Queue
from escalation_app.services.desk import Change, Desk
from escalation_app.services.drafts import changed_meanwhile, draft_at, is_content_of
from escalation_app.services.settings_snapshots import (
    SettingsDeed,
    SettingsSnapshot,
    VersionSnapshot,
    unpublished,
)
from escalation_app.services.supervisors import search_people
from escalation_app.services.webhook_secret import give_one, renew_secret, reveal_secret
from escalation_app.services.webhooks import follow, receiver_problems

__all__ = [
    "history",
    "publish",
    "read",
    "renew_secret",
    "restore",
    "reveal_secret",
    "save",
    "search_people",
    "version",
    "versions",
]


async def read(desk: Desk, by: Viewer) -> SettingsSnapshot:
    """Raises NotPermitted."""
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        draft = await configurations.draft(session)
        return SettingsSnapshot.of(draft, await configurations.newest(session))


async def save(desk: Desk, by: Viewer, revision: int, configuration: Configuration) -> int:
    """Make the bundle the draft and return its revision; what is stored already is no change.

    `revision` is the one that the person began from. A new secret since then is beside the bundle
    and in nobody's way.

    Raises:
        NotPermitted, InvalidConfiguration, SettingsChangedMeanwhile
    """
    by.must(Permission.CONFIGURE)
    configuration = configuration.tidied()
    elsewhere = await receiver_problems(desk, configuration.webhook)
    async with desk.changing() as change:
        draft = await configurations.lock_draft(change.session)
        await _must_be_valid(change.session, configuration, elsewhere)
        changes = differences(draft.content, configuration)
        if changes:
            if not await is_content_of(change.session, draft, revision):
                raise changed_meanwhile(draft, differences(configuration, draft.content))
            entry = draft.save(configuration, Author.of(by), desk.clock())
            await _take_up(desk, change, draft)
            await change.note(entry, changes)
    return draft.revision


async def publish(desk: Desk, by: Viewer, revision: int) -> int:
    """Make the draft a version and return its number.

    Raises:
        NotPermitted, SettingsChangedMeanwhile, NothingToPublish, InvalidConfiguration
    """
    by.must(Permission.CONFIGURE)
    async with desk.changing() as change:
        draft = await draft_at(change.session, revision)
        newest = await configurations.newest(change.session)
        changes = unpublished(draft, newest)
        if not changes:
            raise NothingToPublish
        await _must_be_valid(change.session, draft.content)
        author, now = Author.of(by), desk.clock()
        published = draft.publish(newest, author, now)
        change.session.add(published)
        endpoint = await follow(change, Queue.PUBLISHED, published.content.webhook)
        if published.sealed_secret != newest.sealed_secret:
            endpoint.retire(newest.sealed_secret, now, draft.secret_overlap)
        await change.note(draft.entry(Deed.PUBLISHED, author, now, published.number), changes)
    return published.number


async def restore(desk: Desk, by: Viewer, number: int, revision: int) -> int:
    """Bring a version back into the draft and return the draft's revision.

    The webhook's secret stays: an old one may have been renewed because it leaked.

    Raises:
        NotPermitted, NoSuchVersion, SettingsChangedMeanwhile, InvalidConfiguration
    """
    wanted = (await version(desk, by, number)).configuration
    elsewhere = await receiver_problems(desk, wanted.webhook)
    async with desk.changing() as change:
        draft = await draft_at(change.session, revision)
        content = (await _version(change.session, number)).content
        await _must_be_valid(change.session, content, elsewhere)
        changes = differences(draft.content, content)
        if changes:
            entry = draft.save(content, Author.of(by), desk.clock(), Deed.RESTORED)
            entry.version = number
            await _take_up(desk, change, draft)
            await change.note(entry, changes)
    return draft.revision


async def versions(desk: Desk, by: Viewer) -> list[VersionSnapshot]:
    """All that people published, newest first. Raises NotPermitted."""
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        return [VersionSnapshot.of(one) for one in await configurations.versions(session)]


async def version(desk: Desk, by: Viewer, number: int) -> VersionSnapshot:
    """Raises NotPermitted, NoSuchVersion."""
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        return VersionSnapshot.of(await _version(session, number))


async def history(desk: Desk, by: Viewer, limit: int = 200) -> list[SettingsDeed]:
    """Who did what and when, newest first. Raises NotPermitted."""
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        return [SettingsDeed.of(one) for one in await configurations.entries(session, limit=limit)]


async def _take_up(desk: Desk, change: Change, draft: Draft) -> None:
    """The preview queue runs on the draft from now on, its webhook too."""
    give_one(desk, draft)
    await follow(change, Queue.PREVIEW, draft.content.webhook)


async def _must_be_valid(
    session: AsyncSession, configuration: Configuration, elsewhere: Sequence[FieldProblem] = ()
) -> None:
    """`elsewhere`: what was found wrong by asking others than the database."""
    named = {one.username for one in configuration.supervisors}
    wrong = (*problems(configuration, await supervisors.roles(session, named)), *elsewhere)
    if wrong:
        raise InvalidConfiguration(wrong)


async def _version(session: AsyncSession, number: int) -> PublishedVersion:
    found = await configurations.version(session, number)
    if found is None:
        raise NoSuchVersion(number)
    return found
