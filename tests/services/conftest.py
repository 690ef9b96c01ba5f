"""A clock to turn and a receiver to listen at, for what is told of webhooks."""

import pytest

from escalation_app.services.desk import Desk
from tests.services.webhooks import Clock, Receiver


@pytest.fixture
def clock(desk: Desk) -> Clock:
    # What the official verifier accepts lies within five minutes of its own clock.
    clock = Clock(desk.clock())
    desk.clock = clock
    return clock


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()
