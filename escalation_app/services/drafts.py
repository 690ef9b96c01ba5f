"""Who changes the draft says from which revision they began."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations
from escalation_app.domain.configuration_refusals import SettingsChangedMeanwhile
from escalation_app.domain.differences import FieldChange
from escalation_app.domain.publication import CONTENT_DEEDS, Draft


async def draft_at(session: AsyncSession, revision: int) -> Draft:
    """The draft, held until the transaction ends.

    Raises:
        SettingsChangedMeanwhile: It is at another revision; with what was done since.
    """
    draft = await configurations.lock_draft(session)
    if draft.revision != revision:
        since = await configurations.entries(session, after_revision=revision)
        changes = [FieldChange(**change) for entry in reversed(since) for change in entry.changes]
        raise changed_meanwhile(draft, changes)
    return draft


async def is_content_of(session: AsyncSession, draft: Draft, revision: int) -> bool:
    """Whether the draft still holds what it held at that revision, whatever was done beside it."""
    return revision <= draft.revision and not await configurations.was_done(
        session, CONTENT_DEEDS, after_revision=revision
    )


def changed_meanwhile(draft: Draft, changes: Sequence[FieldChange]) -> SettingsChangedMeanwhile:
    return SettingsChangedMeanwhile(
        draft.content, draft.revision, draft.saved_by, draft.saved_at, changes
    )
