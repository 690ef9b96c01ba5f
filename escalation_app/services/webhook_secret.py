"""The webhook's secret: made, renewed, shown to copy. It is in no bundle and in no difference."""

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app.db import configurations
from escalation_app.domain.configuration import Webhook
from escalation_app.domain.configuration_refusals import NoSecret
from escalation_app.domain.differences import SECRET_CHANGED
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.publication import Author, Draft
from escalation_app.domain.vocabulary import Queue
from escalation_app.domain.webhook_secret import new_webhook_secret
from escalation_app.services.desk import Desk
from escalation_app.services.drafts import draft_at


async def renew_secret(desk: Desk, by: Viewer, revision: int) -> int:
    """Give the draft another secret, to be published like any change; return its revision.

    Raises:
        NotPermitted, SettingsChangedMeanwhile
    """
    by.must(Permission.CONFIGURE)
    async with desk.changing() as change:
        draft = await draft_at(change.session, revision)
        sealed = desk.vault.seal(new_webhook_secret())
        entry = draft.renew_secret(sealed, Author.of(by), desk.clock())
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
    """For signing. Raises NoSecret, SecretUnreadable."""
    sealed = await configurations.sealed_secret_of(session, queue)
    if not sealed:
        raise NoSecret
    return desk.vault.open(sealed)


def give_one(desk: Desk, draft: Draft, webhook: Webhook) -> None:
    """A webhook that is on has a secret from the start."""
    if webhook.enabled and not draft.sealed_secret:
        draft.sealed_secret = desk.vault.seal(new_webhook_secret())
