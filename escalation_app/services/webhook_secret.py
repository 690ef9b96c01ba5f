"""The webhook's secret: made for the draft, shown only when somebody asks for it, and kept sealed."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations, webhooks
from escalation_app.domain.configuration_refusals import NoSecret, SecretUnreadable
from escalation_app.domain.differences import SECRET_CHANGED
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.publication import Author, Draft
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_secret import (
    DEFAULT_OVERLAP_HOURS,
    LONGEST_OVERLAP_HOURS,
    new_webhook_secret,
)
from escalation_app.services.desk import Desk
from escalation_app.services.drafts import draft_at


async def renew_secret(
    desk: Desk, by: Viewer, revision: int, overlap_hours: int = DEFAULT_OVERLAP_HOURS
) -> int:
    """Give the draft another secret, to be published like any change; return its revision.

    The former one goes on signing for so many hours: in preview from now, in published from the
    publishing on. Without an overlap it ends at once.

    Raises:
        NotPermitted, SettingsChangedMeanwhile
        InvalidInput: The overlap is not between 0 hours and 7 days.
    """
    by.must(Permission.CONFIGURE)
    if not 0 <= overlap_hours <= LONGEST_OVERLAP_HOURS:
        raise InvalidInput("overlap_hours", "The overlap is between 0 hours and 7 days.")
    overlap = timedelta(hours=overlap_hours)
    async with desk.changing() as change:
        draft = await draft_at(change.session, revision)
        now, former = desk.clock(), draft.sealed_secret
        newest = await configurations.newest(change.session)
        if former != newest.sealed_secret:
            # One that may have leaked ends with the next Publish, whatever is renewed until then.
            overlap = min(overlap, draft.secret_overlap)
        sealed = desk.vault.seal(new_webhook_secret())
        entry = draft.renew_secret(sealed, overlap, Author.of(by), now)
        endpoint = await webhooks.lock_endpoint(change.session, Queue.PREVIEW)
        endpoint.retire(former, now, overlap)
        await change.note(entry, [SECRET_CHANGED])
    return draft.revision


async def reveal_secret(desk: Desk, by: Viewer, queue: Queue = Queue.PREVIEW) -> str:
    """The secret that deliveries of this queue are signed with, to be copied.

    Raises:
        NotPermitted, NoSecret, SecretUnreadable
    """
    by.must(Permission.CONFIGURE)
    async with desk.database.reading() as session:
        return await secret_of(desk, session, queue)


async def secret_of(desk: Desk, session: AsyncSession, queue: Queue) -> str:
    """What is shown and what signs. Raises NoSecret, SecretUnreadable."""
    sealed = await configurations.sealed_secret_of(session, queue)
    if not sealed:
        raise NoSecret
    return desk.vault.open(sealed)


async def signing_secrets(desk: Desk, session: AsyncSession, queue: Queue) -> tuple[str, ...]:
    """The present secret and the former ones that still sign. Raises NoSecret, SecretUnreadable.

    The present one is read first: whoever publishes another in between makes it a former one.
    """
    present = await secret_of(desk, session, queue)
    endpoint = await webhooks.endpoint(session, queue)
    former = _readable(desk, endpoint.former_secrets(desk.clock()))
    return present, *(one for one in former if one != present)


def give_one(desk: Desk, draft: Draft) -> None:
    """A webhook that is on has a secret from the start."""
    if draft.content.webhook.enabled and not draft.sealed_secret:
        draft.sealed_secret = desk.vault.seal(new_webhook_secret())


def _readable(desk: Desk, sealed: tuple[str, ...]) -> list[str]:
    """A former secret that was sealed with another key signs no more; the present one does."""
    secrets = []
    for one in sealed:
        try:
            secrets.append(desk.vault.open(one))
        except SecretUnreadable:
            continue
    return secrets
