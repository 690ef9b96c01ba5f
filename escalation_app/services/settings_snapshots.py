"""The settings as they are shown: no rows, and no secrets."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.differences import SECRET_CHANGED, SECRET_MADE, FieldChange, differences
from escalation_app.domain.publication import ConfigurationEntry, Deed, Draft, PublishedVersion


@dataclass(frozen=True, slots=True)
class SettingsSnapshot:
    """The draft, what is published, and what publishing would change.

    Version 0 is what holds before anybody has published.
    """

    draft: Configuration
    revision: int
    saved_by: str
    saved_by_id: int | None
    saved_at: datetime
    published: Configuration
    version: int
    published_by: str
    published_at: datetime
    changes: tuple[FieldChange, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.changes)

    @property
    def mark(self) -> str:
        """Another one whenever the draft or the published version is another."""
        return _mark(self.revision, self.version)

    @classmethod
    def of(cls, draft: Draft, newest: PublishedVersion) -> "SettingsSnapshot":
        return cls(
            draft=draft.content,
            revision=draft.revision,
            saved_by=draft.saved_by,
            saved_by_id=draft.saved_by_id,
            saved_at=draft.saved_at,
            published=newest.content,
            version=newest.number,
            published_by=newest.published_by,
            published_at=newest.published_at,
            changes=tuple(unpublished(draft, newest)),
        )


@dataclass(frozen=True, slots=True)
class VersionSnapshot:
    number: int
    configuration: Configuration
    published_by: str
    published_at: datetime

    @classmethod
    def of(cls, version: PublishedVersion) -> "VersionSnapshot":
        return cls(version.number, version.content, version.published_by, version.published_at)


@dataclass(frozen=True, slots=True)
class SettingsDeed:
    """One line of the settings' history."""

    deed: Deed
    actor: str
    at: datetime
    revision: int
    version: int | None
    changes: tuple[FieldChange, ...]

    @classmethod
    def of(cls, entry: ConfigurationEntry) -> "SettingsDeed":
        changes = tuple(FieldChange(**change) for change in entry.changes)
        return cls(entry.deed, entry.actor, entry.at, entry.revision, entry.version, changes)


async def settings_mark(session: AsyncSession) -> str:
    """The mark of the settings as they are now."""
    draft, newest = await configurations.draft(session), await configurations.newest(session)
    return _mark(draft.revision, newest.number)


def unpublished(draft: Draft, newest: PublishedVersion) -> list[FieldChange]:
    """What publishing the draft would change. Of the secret it says only that."""
    changes = differences(newest.content, draft.content)
    if draft.sealed_secret == newest.sealed_secret:
        return changes
    return [*changes, SECRET_CHANGED if newest.sealed_secret else SECRET_MADE]


def _mark(revision: int, version: int) -> str:
    return f"{revision}.{version}"
