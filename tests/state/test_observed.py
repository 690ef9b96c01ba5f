"""Each event of a tab has an id, is counted by what came of it, and told if it changed something."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from escalation_app import request_context
from escalation_app.domain.refusals import NoSuchCase
from escalation_app.services import escalations
from escalation_app.services.desk import Desk
from escalation_app.state.observed import observed
from tests.cast import Cast, a_case, id_of

TOKEN = "6a1f2c60-5c0e-4f7e-9a39-0d2f6d1a7c11"
SOMEBODYS = "the card ends in 4711"


def a_tab(token: str = TOKEN) -> Any:
    session = SimpleNamespace(client_token=token)
    return SimpleNamespace(router=SimpleNamespace(session=session))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "escalation_app")
    return caplog


def counted(handler: Any, outcome: str) -> float:
    labels = {"event": handler.__qualname__, "outcome": outcome}
    return REGISTRY.get_sample_value("escalation_events_total", labels) or 0.0


async def test_an_event_that_changed_something_is_told_once_without_what_was_in_it(
    desk: Desk, cast: Cast, log: pytest.LogCaptureFixture
) -> None:
    case_id = id_of(await a_case(desk, cast))
    seen = []

    @observed
    async def release(_tab: Any, note: str) -> None:
        seen.append(request_context.current())
        await escalations.claim(desk, cast.maria, case_id)
        await escalations.release(desk, cast.maria, case_id, note)

    before = counted(release, "done")
    await release(a_tab(), SOMEBODYS)
    [line] = log.records
    assert line.message == "done"
    assert line.told["ms"] >= 0  # type: ignore[attr-defined]
    assert SOMEBODYS not in str(line.__dict__)
    [context] = seen
    assert context is not None
    assert context.facts["event"] == release.__qualname__
    assert TOKEN[:8] not in context.facts["tab"]  # type: ignore[operator]
    assert counted(release, "done") == before + 1


async def test_an_event_that_only_looked_is_counted_and_not_told(
    log: pytest.LogCaptureFixture,
) -> None:
    @observed
    async def look(_tab: Any) -> str:
        return "seen"

    assert await look(a_tab()) == "seen"
    assert log.records == []
    assert counted(look, "done") == 1


@pytest.mark.parametrize(
    ("error", "outcome"), [(NoSuchCase(), "refused"), (ValueError(SOMEBODYS), "failed")]
)
async def test_what_is_raised_knows_its_event_wherever_it_is_logged(
    error: Exception, outcome: str
) -> None:
    @observed
    async def fail(_tab: Any) -> None:
        raise error

    before = counted(fail, outcome)
    with pytest.raises(type(error)) as caught:
        await fail(a_tab())
    context = request_context.of(caught.value)
    assert context is not None
    assert context.facts["event"] == fail.__qualname__
    assert counted(fail, outcome) == before + 1
    assert request_context.current() is None


async def test_two_events_of_one_tab_have_ids_of_their_own_and_the_same_tab() -> None:
    seen: list[Any] = []

    @observed
    async def look(_tab: Any) -> None:
        seen.append(request_context.current())

    await look(a_tab())
    await look(a_tab())
    await look(a_tab("another"))
    assert len({one.id for one in seen}) == 3
    assert seen[0].facts["tab"] == seen[1].facts["tab"] != seen[2].facts["tab"]
