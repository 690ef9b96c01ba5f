"""What receivers can trust, by the word of the official library."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from escalation_app.domain.vocabulary import Queue
from escalation_app.services import escalations, settings
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of
from tests.services.webhooks import Clock, Receiver, Sent, deliver, switched_on


async def renewed(desk: Desk, cast: Cast, *overlap_hours: int) -> int:
    """Lina makes a new secret for each of these overlaps; the draft's revision."""
    revision = (await settings.read(desk, cast.lina)).revision
    for hours in overlap_hours:
        revision = await settings.renew_secret(desk, cast.lina, revision, overlap_hours=hours)
    return revision


def is_signed_with(secret: str, sent: Sent) -> bool:
    try:
        Verifier(secret).verify(sent.body, sent.headers)
    except WebhookVerificationError:
        return False
    return True


async def test_the_official_library_verifies_every_delivery_and_no_bit_may_flip(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    number = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, number)
    await deliver(desk, receiver)
    verifier = Verifier(await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED))
    for sent in receiver.heard:
        verifier.verify(sent.body, sent.headers)
        for position in range(0, len(sent.body) * 8, 61):
            flipped = bytearray(sent.body)
            flipped[position // 8] ^= 1 << position % 8
            # The official verifier wants text; what is no text can't be verified either.
            with pytest.raises((WebhookVerificationError, UnicodeDecodeError)):
                verifier.verify(bytes(flipped), sent.headers)
        for name, places in (
            ("webhook-id", 36),
            ("webhook-timestamp", 10),
            ("webhook-signature", 45),
        ):
            # Of the signature's last letter Base64 leaves some bits without a meaning.
            for place in range(places):
                value = sent.headers[name]
                wrong = value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
                # What is no signature at all, the official verifier can't even take apart.
                with pytest.raises((WebhookVerificationError, ValueError)):
                    verifier.verify(sent.body, sent.headers | {name: wrong})


async def test_old_and_new_secret_both_sign_for_the_overlap_and_then_only_the_new_one(
    desk: Desk, cast: Cast, receiver: Receiver, clock: Clock
) -> None:
    await switched_on(desk, cast)
    old = await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED)
    await settings.publish(desk, cast.lina, await renewed(desk, cast, 1))
    new = await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED)
    await a_case(desk, cast)
    await deliver(desk, receiver)
    assert is_signed_with(old, receiver.heard[0])
    assert is_signed_with(new, receiver.heard[0])
    clock.turn(timedelta(hours=1))
    await a_case(desk, cast)
    await deliver(desk, receiver)
    signatures = receiver.heard[1].headers["webhook-signature"].split()
    assert len(receiver.heard[0].headers["webhook-signature"].split()) == 2
    assert len(signatures) == 1


async def test_a_secret_that_leaked_ends_at_once_when_renewed_without_an_overlap(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast, queue=Queue.PREVIEW)
    leaked = await settings.reveal_secret(desk, cast.lina)
    await renewed(desk, cast, 0)
    await a_case(desk, cast, queue=Queue.PREVIEW)
    await deliver(desk, receiver, Queue.PREVIEW)
    assert not is_signed_with(leaked, receiver.heard[0])


async def test_a_secret_that_leaked_is_not_kept_alive_by_renewing_once_more(
    desk: Desk, cast: Cast, receiver: Receiver
) -> None:
    await switched_on(desk, cast)
    leaked = await settings.reveal_secret(desk, cast.lina, Queue.PUBLISHED)
    await settings.publish(desk, cast.lina, await renewed(desk, cast, 0, 24))
    await a_case(desk, cast)
    await deliver(desk, receiver)
    assert not is_signed_with(leaked, receiver.heard[0])
