import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from escalation_app.domain.credentials import ApiKey
from escalation_app.domain.people import COMMAND_LINE
from escalation_app.domain.refusals import InvalidInput, KeyRefused, NoSuchKey, NotPermitted
from escalation_app.domain.vocabulary import Role
from escalation_app.services import api_keys, people
from escalation_app.services.desk import Desk
from tests.cast import Cast


async def test_a_key_acts_as_its_person(desk: Desk, cast: Cast) -> None:
    secret = await api_keys.create(desk, cast.admin, "omar", "his script")
    holder = await api_keys.holder_of(desk, secret)
    assert holder.viewer == cast.omar
    [row] = await api_keys.listed(desk, cast.admin)
    assert (row.username, row.owner, row.role, row.label) == (
        "omar",
        "Omar",
        Role.SUPERVISOR,
        "his script",
    )


async def test_only_a_hash_of_the_key_is_kept(desk: Desk, cast: Cast) -> None:
    secret = await api_keys.create(desk, COMMAND_LINE, "agent", "platform")
    async with desk.database.reading() as session:
        stored = (await session.execute(select(ApiKey))).scalar_one()
    assert secret.startswith("desk_")
    assert secret not in repr(stored)
    assert secret not in repr(await api_keys.listed(desk, COMMAND_LINE))


async def test_a_revoked_key_opens_nothing(desk: Desk, cast: Cast) -> None:
    secret = await api_keys.create(desk, cast.admin, "agent", "platform")
    [row] = await api_keys.listed(desk, cast.admin)
    await api_keys.revoke(desk, cast.admin, row.id)
    await api_keys.revoke(desk, cast.admin, row.id)
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, secret)
    [row] = await api_keys.listed(desk, cast.admin)
    assert row.revoked_at is not None


@pytest.mark.parametrize("secret", ["", "nothing", "x" * 10_000, "nul\x00", "\ud800"])
async def test_no_other_text_is_a_key(desk: Desk, cast: Cast, secret: str) -> None:
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, secret)


async def test_a_demo_persons_key_is_refused_outside_the_demo(desk: Desk) -> None:
    await people.create_person(desk, "guest", "Guest", Role.SUPERVISOR, is_demo=True)
    await api_keys.create(desk, COMMAND_LINE, "guest", "demo", secret="demo-guest")
    desk.is_demo = True
    assert (await api_keys.holder_of(desk, "demo-guest")).viewer.name == "Guest"
    desk.is_demo = False
    with pytest.raises(KeyRefused):
        await api_keys.holder_of(desk, "demo-guest")


async def test_use_is_noted_once_a_minute(desk: Desk, cast: Cast) -> None:
    secret = await api_keys.create(desk, cast.admin, "agent", "platform")
    began = desk.clock()
    noted = []
    for seconds in (0, 59, 61):
        now = began + timedelta(seconds=seconds)
        desk.clock = lambda at=now: at
        await asyncio.gather(*(api_keys.holder_of(desk, secret) for _ in range(5)))
        noted.append((await api_keys.listed(desk, cast.admin))[0].last_used_at)
    assert noted == [began, began, began + timedelta(seconds=61)]


@pytest.mark.parametrize("who", ["maria", "lina", "agent"])
async def test_only_an_admin_manages_keys(desk: Desk, cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    with pytest.raises(NotPermitted):
        await api_keys.create(desk, by, "agent", "platform")
    with pytest.raises(NotPermitted):
        await api_keys.listed(desk, by)
    with pytest.raises(NotPermitted):
        await api_keys.holders(desk, by)
    with pytest.raises(NotPermitted):
        await api_keys.revoke(desk, by, 1)


async def test_there_is_no_key_for_nobody_and_none_to_revoke(desk: Desk, cast: Cast) -> None:
    with pytest.raises(InvalidInput):
        await api_keys.create(desk, cast.admin, "nobody", "platform")
    with pytest.raises(InvalidInput):
        await api_keys.create(desk, cast.admin, "agent", " ")
    with pytest.raises(NoSuchKey):
        await api_keys.revoke(desk, cast.admin, 99)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40, 0, -1, -(2**31) - 1])
async def test_a_number_that_no_key_can_have_is_no_such_key(
    desk: Desk, cast: Cast, number: int
) -> None:
    with pytest.raises(NoSuchKey):
        await api_keys.revoke(desk, cast.admin, number)


async def test_a_key_can_be_anybodys_who_may_come_in(desk: Desk, cast: Cast) -> None:
    await people.create_person(desk, "guest", "Guest", Role.SUPERVISOR, is_demo=True)
    found = await api_keys.holders(desk, cast.admin)
    assert [(one.username, one.role) for one in found] == [
        ("admin", Role.ADMIN),
        ("agent", Role.AGENT),
        ("lina", Role.BUILDER),
        ("maria", Role.SUPERVISOR),
        ("omar", Role.SUPERVISOR),
    ]
    desk.is_demo = True
    assert "guest" in {one.username for one in await api_keys.holders(desk, cast.admin)}


async def test_other_admins_are_told_to_look_again(desk: Desk, cast: Cast) -> None:
    told: list[int] = []

    async def hear(number: int) -> None:
        told.append(number)

    desk.announce = hear
    await api_keys.create(desk, cast.admin, "agent", "platform")
    [row] = await api_keys.listed(desk, cast.admin)
    await api_keys.revoke(desk, cast.admin, row.id)
    assert told == [0, 0]
