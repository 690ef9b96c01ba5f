"""A summary in one tab: written once at a time, and never for ever when its process is gone."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from escalation_app.domain.refusals import NotSignedIn
from escalation_app.domain.summary import SummarySentence
from escalation_app.services import sessions
from escalation_app.services.cases import case_file
from escalation_app.services.desk import Desk
from escalation_app.state import guard
from escalation_app.state.summary import PATIENCE, SummaryState
from tests.cast import Cast, a_case, id_of
from tests.state.tab import tab_of


class ModelThatWaits:
    """Says one sentence, and the next when it is told to."""

    def __init__(self) -> None:
        self.has_begun, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.asked = 0

    async def summarize(self, *_: object) -> AsyncGenerator[SummarySentence, None]:
        self.asked += 1
        yield SummarySentence("Charged twice.", (1,))
        self.has_begun.set()
        await self.may_go_on.wait()
        yield SummarySentence("Wants the money back.", (1,))


@pytest.fixture
async def marias(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> SummaryState:
    monkeypatch.setattr(guard, "_desk", desk)
    tab = await tab_of(desk, cast.maria)
    return tab.substate(SummaryState)


async def generates(state: SummaryState, case_id: int) -> None:
    await SummaryState.event_handlers["generate"].fn(state, case_id)


def its_process_dies(state: SummaryState) -> dict[str, object]:
    """What is kept of the tab when nothing after this moment is."""
    return {name: getattr(state, name) for name in ("case_id", "phase", "since", "coming")}


async def interrupted(desk: Desk, state: SummaryState, case_id: int) -> None:
    """A process dies while it writes this case's summary."""
    model = ModelThatWaits()
    desk.model = model  # type: ignore[assignment]
    writing = asyncio.create_task(generates(state, case_id))
    await model.has_begun.wait()
    kept = its_process_dies(state)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    for name, value in kept.items():
        setattr(state, name, value)
    desk.model = None


async def test_what_is_being_written_is_not_asked_for_again(
    desk: Desk, cast: Cast, marias: SummaryState
) -> None:
    case_id = id_of(await a_case(desk, cast))
    model = ModelThatWaits()
    desk.model = model  # type: ignore[assignment]
    writing = asyncio.create_task(generates(marias, case_id))
    await model.has_begun.wait()
    await generates(marias, case_id)
    assert (marias.phase, len(marias.coming), model.asked) == ("writing", 1, 1)
    model.may_go_on.set()
    await writing
    assert (marias.phase, marias.since, len(marias.coming)) == ("", "", 2)


async def test_a_summary_whose_process_died_can_be_asked_for_again_after_a_while(
    desk: Desk, cast: Cast, marias: SummaryState
) -> None:
    case_id = id_of(await a_case(desk, cast))
    await interrupted(desk, marias, case_id)
    await generates(marias, case_id)
    assert marias.phase == "writing"
    now = desk.clock()
    desk.clock = lambda: now + PATIENCE + timedelta(seconds=1)
    await generates(marias, case_id)
    assert (marias.phase, len(marias.coming)) == ("", 1)


async def test_the_extract_ends_the_waiting_for_a_dead_process(
    desk: Desk, cast: Cast, marias: SummaryState
) -> None:
    case_id = id_of(await a_case(desk, cast))
    await interrupted(desk, marias, case_id)
    await SummaryState.event_handlers["extract"].fn(marias, case_id)
    assert (marias.phase, marias.since) == ("", "")


async def test_whoever_signs_out_is_told_no_more(
    desk: Desk, cast: Cast, marias: SummaryState
) -> None:
    case_id = id_of(await a_case(desk, cast))
    model = ModelThatWaits()
    desk.model = model  # type: ignore[assignment]
    writing = asyncio.create_task(generates(marias, case_id))
    await model.has_begun.wait()
    await sessions.sign_out(desk, guard.secret_of_tab(marias) or "")
    model.may_go_on.set()
    with pytest.raises(NotSignedIn):
        await writing
    assert (marias.phase, len(marias.coming)) == ("", 1)
    assert (await case_file(desk, cast.maria, case_id)).summary is None
