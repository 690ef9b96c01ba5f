"""A machine that sleeps with its browser open, so long that the desk drops the tab's socket."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from uuid import uuid4

import psutil
import pytest
from playwright.sync_api import Browser, Page

from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.vocabulary import View
from tests.browser.conftest import ARGUMENTS, signing_in
from tests.faults.browser.hands import busy_with, in_hand
from tests.faults.browser.screens import at_work, equals, much_happens, truth
from tests.servers.program import Program

EVERYTHING = QueueFilter(view=View.ALL)
# Each picture that is painted, when, and whether it claims to be live.
WATCH = """() => {
    const line = document.querySelector('[data-testid=connection]');
    window.__painted = [];
    const look = () => {
        window.__painted.push([Date.now(), line.textContent]);
        requestAnimationFrame(look);
    };
    look();
}"""


class Laptop:
    """A browser of its own, whose processes can be stopped, all of them: as when the lid is shut."""

    def __init__(self, browser: Browser, mark: str) -> None:
        self.browser = browser
        self._mark = mark

    def sleep(self) -> None:
        self._tell(signal.SIGSTOP)

    def wake(self) -> None:
        self._tell(signal.SIGCONT)

    def _tell(self, what: signal.Signals) -> None:
        [main] = [
            process
            for process in psutil.process_iter(["cmdline"])
            if self._mark in (process.info["cmdline"] or [])
        ]
        for process in [main, *main.children(recursive=True)]:
            os.kill(process.pid, what)


@contextmanager
def laptop(browser: Browser) -> Iterator[Laptop]:
    mark = f"--laptop={uuid4().hex}"
    own = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=[*ARGUMENTS, mark])
    ready = Laptop(own, mark)
    try:
        yield ready
    finally:
        ready.wake()
        own.close()


# The desk drops a silent socket after 15 to 20 s; ten minutes are a coffee break.
@pytest.mark.parametrize("seconds", [21, pytest.param(600, marks=pytest.mark.long)])
def test_a_tab_that_wakes_is_right_within_two_seconds_and_lost_nothing(
    browser: Browser, program: Program, seconds: int
) -> None:
    with laptop(browser) as sleeper, signing_in(program, sleeper.browser) as sign_in:
        maria = at_work(sign_in, program)
        before = busy_with(maria, "Charged twice, says the bank")
        sockets: list[object] = []
        maria.on("websocket", lambda socket: sockets.append(socket))
        maria.evaluate(WATCH)
        sleeper.sleep()
        try:
            much_happens(program)
            time.sleep(seconds)
            true = truth(program, "maria", EVERYTHING)
        finally:
            sleeper.wake()
        equals(maria, true, within=2)
        assert sockets, "It slept too short: the desk kept its socket."
        assert in_hand(maria) == before
        assert claimed_to_be_live_for(maria) < 1_000


def claimed_to_be_live_for(page: Page) -> float:
    """For how many milliseconds after it woke it went on saying Connected."""
    painted: list[tuple[float, str]] = page.evaluate("window.__painted")
    gaps = [later[0] - one[0] for one, later in pairwise(painted)]
    woke = gaps.index(max(gaps)) + 1
    after = painted[woke:]
    known = next(at for at, line in after if line != "Connected")
    return known - after[0][0]
