"""The draft, the versions that were published, and what was done to them by whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from escalation_app.domain import timeline
from escalation_app.domain.columns import EnumText, UtcDateTime
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_document import from_json, to_json
from escalation_app.domain.people import Viewer
from escalation_app.domain.webhook_secret import DEFAULT_OVERLAP_HOURS


class ConfigurationText(TypeDecorator[Configuration]):
    """A bundle as its JSON document."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Configuration | None, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Configuration | None:
        return None if value is None else from_json(value)


class Deed(StrEnum):
    """What can be done to the settings."""

    SAVED = "saved"
    PUBLISHED = "published"
    RESTORED = "restored"
    SECRET_RENEWED = "secret_renewed"
    GRANTED = "granted"
    WEBHOOK_SWITCHED_OFF = "webhook_off"
    WEBHOOK_SWITCHED_ON = "webhook_on"


# After these the draft's bundle is another one.
CONTENT_DEEDS = frozenset({Deed.SAVED, Deed.RESTORED, Deed.GRANTED})


@dataclass(frozen=True, slots=True)
class Author:
    """Who did it, as history keeps them."""

    name: str
    person_id: int | None = None

    @classmethod
    def of(cls, viewer: Viewer) -> "Author":
        return cls(viewer.name, viewer.person_id)


# Whoever has the machine and its command line.
OPERATOR = Author("Operator")
# What happens by itself.
THE_DESK = Author(timeline.THE_DESK)


class ConfigurationEntry(SQLModel, table=True):
    """One deed, written in the transaction that did it. The newest `id` tells that there is news."""

    __tablename__ = "configuration_entry"

    id: int | None = Field(default=None, primary_key=True)
    deed: Deed = Field(sa_column=Column(EnumText(Deed), nullable=False))
    revision: int = Field(sa_column=Column(Integer, nullable=False))
    version: int | None = Field(default=None, sa_column=Column(Integer))
    actor: str = Field(sa_column=Column(String(120), nullable=False))
    actor_id: int | None = Field(default=None, sa_column=Column(Integer))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changes: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )


class PublishedVersion(SQLModel, table=True):
    """What the published queue ran on from then. The database refuses to change or delete it.

    Versions are numbered from 1; number 0 is what holds before anybody has published.
    """

    __tablename__ = "configuration_version"

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    content: Configuration = Field(sa_column=Column(ConfigurationText, nullable=False))
    sealed_secret: str = Field(default="", repr=False, sa_column=Column(Text, nullable=False))
    revision: int = Field(sa_column=Column(Integer, nullable=False))
    published_by: str = Field(sa_column=Column(String(120), nullable=False))
    published_by_id: int | None = Field(default=None, sa_column=Column(Integer))
    published_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    def followed_by(
        self, content: Configuration, revision: int, by: Author, now: datetime
    ) -> "PublishedVersion":
        """The next version: this bundle, and the secret as it was."""
        return PublishedVersion(
            number=self.number + 1,
            content=content,
            sealed_secret=self.sealed_secret,
            revision=revision,
            published_by=by.name,
            published_by_id=by.person_id,
            published_at=now,
        )


class Draft(SQLModel, table=True):
    """What the preview queue runs on: one row, whose revision grows with each change."""

    __tablename__ = "configuration_draft"
    __table_args__ = (CheckConstraint("id = 1", name="one_draft"),)

    id: int = Field(default=1, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    revision: int = Field(sa_column=Column(Integer, nullable=False))
    content: Configuration = Field(sa_column=Column(ConfigurationText, nullable=False))
    sealed_secret: str = Field(default="", repr=False, sa_column=Column(Text, nullable=False))
    # How long the secret before this one goes on signing, once another takes its place.
    secret_overlap_hours: int = Field(
        default=DEFAULT_OVERLAP_HOURS,
        sa_column=Column(Integer, nullable=False, server_default=str(DEFAULT_OVERLAP_HOURS)),
    )
    saved_by: str = Field(sa_column=Column(String(120), nullable=False))
    saved_by_id: int | None = Field(default=None, sa_column=Column(Integer))
    saved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    def save(
        self, content: Configuration, by: Author, now: datetime, deed: Deed = Deed.SAVED
    ) -> ConfigurationEntry:
        """Take over the bundle as the next revision."""
        self.content = content
        return self._moved(deed, by, now)

    def renew_secret(
        self, sealed: str, overlap: timedelta, by: Author, now: datetime
    ) -> ConfigurationEntry:
        """Take another webhook secret; the published one stays until the next publishing."""
        self.sealed_secret = sealed
        self.secret_overlap_hours = overlap // timedelta(hours=1)
        return self._moved(Deed.SECRET_RENEWED, by, now)

    def publish(self, newest: PublishedVersion, by: Author, now: datetime) -> PublishedVersion:
        """The draft as it is now, as the next version for good."""
        version = newest.followed_by(self.content, self.revision, by, now)
        version.sealed_secret = self.sealed_secret
        return version

    @property
    def secret_overlap(self) -> timedelta:
        return timedelta(hours=self.secret_overlap_hours)

    def entry(
        self, deed: Deed, by: Author, now: datetime, version: int | None = None
    ) -> ConfigurationEntry:
        return ConfigurationEntry(
            deed=deed,
            revision=self.revision,
            version=version,
            actor=by.name,
            actor_id=by.person_id,
            at=now,
        )

    def _moved(self, deed: Deed, by: Author, now: datetime) -> ConfigurationEntry:
        self.revision += 1
        self.saved_by, self.saved_by_id, self.saved_at = by.name, by.person_id, now
        return self.entry(deed, by, now)
