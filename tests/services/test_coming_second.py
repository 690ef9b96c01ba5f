"""Whoever comes second is told who has the case, whatever becomes of writing that down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from escalation_app.domain.refusals import AlreadyClaimed, DeskUnavailable, OutcomeUnknown, Refusal
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of


@pytest.mark.parametrize("lost", [DeskUnavailable, OutcomeUnknown])
async def test_omar_is_told_that_maria_has_it_also_when_the_database_goes_away_then(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch, lost: type[Refusal]
) -> None:
    case = id_of(await a_case(desk, cast))
    await escalations.claim(desk, cast.maria, case)
    goes_away_after(desk, monkeypatch, lost)
    with pytest.raises(AlreadyClaimed, match="Claimed by Maria"):
        await escalations.claim(desk, cast.omar, case)


def goes_away_after(desk: Desk, monkeypatch: pytest.MonkeyPatch, lost: type[Refusal]) -> None:
    """The next transaction is as ever; what comes of the one after it, nobody is told."""
    real, count = desk.database.transaction, 0

    @asynccontextmanager
    async def flaky() -> AsyncIterator[Any]:
        nonlocal count
        count += 1
        async with real() as session:
            yield session
        if count > 1:
            raise lost

    monkeypatch.setattr(desk.database, "transaction", flaky)
