"""Whoever comes second is told who has the case, whatever becomes of writing that down."""

from typing import Any

import pytest

from escalation_app.db import case_changes
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
    goes_away_writing(monkeypatch, lost)
    with pytest.raises(AlreadyClaimed, match="Claimed by Maria"):
        await escalations.claim(desk, cast.omar, case)


def goes_away_writing(monkeypatch: pytest.MonkeyPatch, lost: type[Refusal]) -> None:
    """What comes of what is written next, nobody is told."""
    real = case_changes.write

    async def flaky(*written: Any) -> bool:
        await real(*written)
        raise lost

    monkeypatch.setattr(case_changes, "write", flaky)
