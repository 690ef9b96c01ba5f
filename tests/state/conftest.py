"""The push, with an app that only notes what it is told to send."""

import pytest

from escalation_app.services.desk import Desk
from escalation_app.state.live import Live
from tests.state.fake_app import FakeApp


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def live(app: FakeApp, desk: Desk) -> Live:
    made = Live(app, desk)  # type: ignore[arg-type]
    await made.synchronise()
    return made
