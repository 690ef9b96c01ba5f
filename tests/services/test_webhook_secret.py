import base64
from dataclasses import replace

import pytest

from escalation_app.db import configurations
from escalation_app.domain.configuration_refusals import NoSecret, SecretUnreadable
from escalation_app.domain.vocabulary import Queue
from escalation_app.integrations.vault import FernetVault
from escalation_app.services import settings
from escalation_app.services.desk import Desk
from tests.cast import Cast
from tests.domain.configurations import SOUND


async def saved(desk: Desk, cast: Cast) -> int:
    now = await settings.read(desk, cast.lina)
    return await settings.save(desk, cast.lina, now.revision, SOUND)


async def test_a_webhook_that_is_switched_on_has_a_secret(desk: Desk, cast: Cast) -> None:
    with pytest.raises(NoSecret):
        await settings.reveal_secret(desk, cast.lina)
    await saved(desk, cast)
    secret = await settings.reveal_secret(desk, cast.lina)
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64


async def test_a_new_secret_reaches_the_published_queue_with_the_next_version(
    desk: Desk, cast: Cast
) -> None:
    await settings.publish(desk, cast.lina, await saved(desk, cast))
    old = await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED)
    revision = (await settings.read(desk, cast.lina)).revision
    renewed = await settings.renew_secret(desk, cast.lina, revision)
    new = await settings.reveal_secret(desk, cast.lina)
    assert new != old
    assert await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED) == old
    changes = (await settings.read(desk, cast.lina)).changes
    assert [(change.label, change.after) for change in changes] == [("Webhook secret", "renewed")]
    await settings.publish(desk, cast.lina, renewed)
    assert await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED) == new


async def test_restoring_never_brings_an_old_secret_back(desk: Desk, cast: Cast) -> None:
    number = await settings.publish(desk, cast.lina, await saved(desk, cast))
    revision = (await settings.read(desk, cast.lina)).revision
    revision = await settings.renew_secret(desk, cast.lina, revision)
    new = await settings.reveal_secret(desk, cast.lina)
    revision = await settings.save(desk, cast.lina, revision, replace(SOUND, language="fr"))
    await settings.restore(desk, cast.lina, number, revision)
    assert await settings.reveal_secret(desk, cast.lina) == new


async def test_the_secret_stands_nowhere_in_the_clear(desk: Desk, cast: Cast) -> None:
    await settings.publish(desk, cast.lina, await saved(desk, cast))
    secret = await settings.reveal_secret(desk, cast.lina)
    async with desk.database.reading() as session:
        draft = await configurations.draft(session)
        version = await configurations.newest(session)
    for row in (draft, version):
        assert secret not in row.sealed_secret
        assert row.sealed_secret not in repr(row)
    told = f"{await settings.read(desk, cast.lina)} {await settings.history(desk, cast.lina)}"
    assert secret not in told
    assert draft.sealed_secret not in told


async def test_with_another_key_the_secret_is_told_unreadable_and_a_new_one_is_made(
    desk: Desk, cast: Cast
) -> None:
    revision = await saved(desk, cast)
    desk.vault = FernetVault("another key")
    with pytest.raises(SecretUnreadable, match="Make a new one"):
        await settings.reveal_secret(desk, cast.lina)
    await settings.renew_secret(desk, cast.lina, revision)
    assert (await settings.reveal_secret(desk, cast.lina)).startswith("whsec_")
