"""A replay ends when it is cancelled, started anew, or nobody looks any more."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from escalation_app.domain.vocabulary import Speaker
from escalation_app.services import conversations, settings
from escalation_app.services.desk import Desk
from escalation_app.state import guard
from escalation_app.state import live as live_state
from escalation_app.state import replay as replay_state
from escalation_app.state.live import Live
from escalation_app.state.replay import ReplayState
from tests.cast import Cast
from tests.services.test_conversations import configure, started
from tests.state.fake_app import FakeApp
from tests.state.tab import tab_of


class ModelThatDawdles:
    def __init__(self) -> None:
        self.asked = self.at_once = self.most_at_once = 0
        self.was_asked_twice = asyncio.Event()

    async def judge(self, *_: Any) -> None:
        self.asked += 1
        if self.asked == 2:
            self.was_asked_twice.set()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.06)
        self.at_once -= 1


class Page:
    """The settings page of one tab."""

    def __init__(self, state: ReplayState, app: FakeApp, model: ModelThatDawdles) -> None:
        self.state, self.app, self.model = state, app, model

    def starts(self) -> asyncio.Task[None]:
        return asyncio.create_task(
            ReplayState.event_handlers["start"].fn(self.state, {"last": "1"})
        )

    async def cancels(self) -> None:
        await ReplayState.event_handlers["cancel"].fn(self.state)

    async def is_under_way(self) -> None:
        await self.model.was_asked_twice.wait()


@pytest.fixture
async def page(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Page]:
    await configure(desk, cast, publish=False)
    number = await started(desk, cast)
    for at in range(40):
        await conversations.add_message(desk, cast.lina, number, Speaker.USER, f"Hello {at}")
    app = FakeApp()
    app.event_namespace.sid_to_token["lina"] = "token"
    live_state.install(Live(app, desk))
    monkeypatch.setattr(guard, "_desk", desk)
    tab = await tab_of(desk, cast.lina)
    state = tab._root.get_substate(ReplayState.get_full_name().split("."))
    desk.model = model = ModelThatDawdles()  # type: ignore[assignment]
    yield Page(state, app, model)
    live_state.install(None)


async def test_cancelling_is_noticed_before_the_next_judgement(page: Page) -> None:
    running = page.starts()
    await page.is_under_way()
    await page.cancels()
    asked = page.model.asked
    await running
    assert page.model.asked <= asked + 1
    assert not page.state.running


async def test_started_again_the_first_one_ends_before_the_second_begins(page: Page) -> None:
    first = page.starts()
    await page.is_under_way()
    second = page.starts()
    await first
    assert not second.done()
    await page.cancels()
    await second
    assert page.model.most_at_once == 1


async def test_when_its_tab_is_gone_it_stops(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_state, "GONE_AFTER", 0.0)
    running = page.starts()
    await page.is_under_way()
    page.app.event_namespace.sid_to_token.clear()
    asked = page.model.asked
    await running
    assert page.model.asked <= asked + 2
    assert not page.state.running


async def test_what_it_ran_on_is_told_and_marked_by_the_settings(
    page: Page, desk: Desk, cast: Cast
) -> None:
    await page.starts()
    now = await settings.read(desk, cast.lina)
    assert page.state.finished
    assert page.state.mark == now.mark
    assert page.state.ran_on == f"draft revision {now.revision} beside version {now.version}"
    assert page.state.ran_at
