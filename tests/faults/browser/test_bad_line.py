"""A browser whose network swallows everything, or is cut again and again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.vocabulary import View
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives
from tests.faults.browser.hands import busy_with, in_hand
from tests.faults.browser.screens import a_case_changes_hands, at_work, equals, much_happens, truth
from tests.servers.program import Program
from tests.servers.tcp_proxy import TcpProxy

EVERYTHING = QueueFilter(view=View.ALL)
# How the line comes back: what was open is reset, or nobody remembers it and it stays mute.
RETURNS: dict[str, Callable[[TcpProxy], None]] = {
    "reset": TcpProxy.restore,
    "mute": TcpProxy.carry_new_ones,
}


@pytest.mark.parametrize("returns", RETURNS)
@pytest.mark.parametrize("seconds", [11, pytest.param(60, marks=pytest.mark.long)])
def test_after_a_black_hole_the_tab_is_right_within_two_seconds_and_lost_nothing(
    sign_in: SignIn, line: TcpProxy, program: Program, seconds: int, returns: str
) -> None:
    maria = at_work(sign_in, program)
    before = busy_with(maria, "Charged twice, says the bank")
    line.black_hole()
    expect(maria.get_by_test_id("connection")).not_to_have_text("Connected", timeout=10_000)
    much_happens(program)
    maria.wait_for_timeout((seconds - 5) * 1_000)
    true = truth(program, "maria", EVERYTHING)
    RETURNS[returns](line)
    equals(maria, true, within=2)
    assert in_hand(maria) == before


@pytest.mark.parametrize("cuts", [3, pytest.param(50, marks=pytest.mark.long)])
def test_a_line_cut_again_and_again_is_right_within_two_seconds_each_time(
    sign_in: SignIn, line: TcpProxy, program: Program, cuts: int
) -> None:
    handed_on = a_case_arrives(program)
    maria = at_work(sign_in, program)
    before = busy_with(maria, "Charged twice, says the bank")
    for number in range(cuts):
        line.cut()
        # So few new ones that the row in sight stays among the fifty that the list holds.
        much_happens(program) if number % 5 == 0 else a_case_changes_hands(program, handed_on)
        # Of all lengths, so that the line also comes back in the midst of an attempt.
        maria.wait_for_timeout(400 + 370 * (number % 10))
        true = truth(program, "maria", EVERYTHING)
        line.restore()
        equals(maria, true, within=2)
        maria.wait_for_timeout(2_000)
    assert in_hand(maria) == before
