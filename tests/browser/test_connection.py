"""The indicator tells the truth, over a line that is really cut."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives
from tests.servers.program import Program
from tests.servers.tcp_proxy import TcpProxy


def says(page: Page, state: str, within: float) -> None:
    expect(page.get_by_test_id("connection")).to_have_text(state, timeout=within * 1_000)


def test_a_cut_line_is_said_and_caught_up_after(
    sign_in: SignIn, line: TcpProxy, program: Program
) -> None:
    maria = sign_in("maria")
    maria.get_by_test_id("escalation-row").first.click()
    expect(maria.get_by_role("button", name="Claim")).to_be_enabled()
    line.cut()
    says(maria, "Reconnecting", 8)
    expect(maria.get_by_role("button", name="Claim")).to_be_disabled()
    # Others than the one she looks at: that one is to be hers to claim afterwards.
    for _ in range(3):
        a_case_arrives(program)
    says(maria, "Disconnected", 15)
    expect(maria.get_by_role("button", name="Reconnect now")).to_be_visible()
    expect(maria.get_by_text("Actions are off")).to_be_visible()
    line.restore()
    says(maria, "Connected", 15)
    expect(
        maria.get_by_text(re.compile(r"Caught up, \d+ changes while you were away"))
    ).to_be_visible()
    expect(maria.get_by_role("button", name="Claim")).to_be_enabled()


def test_a_black_hole_is_noticed_within_ten_seconds(sign_in: SignIn, line: TcpProxy) -> None:
    maria = sign_in("maria")
    line.black_hole()
    says(maria, "Reconnecting", 10)
    says(maria, "Disconnected", 15)
    line.restore()
    says(maria, "Connected", 20)


def test_a_click_into_a_dead_line_is_not_taken_for_done(
    sign_in: SignIn, line: TcpProxy, program: Program
) -> None:
    case_id = a_case_arrives(program)
    maria = sign_in("maria", path=f"/queue/published?case={case_id}")
    claim = maria.get_by_role("button", name="Claim")
    expect(claim).to_be_enabled()
    line.black_hole()
    claim.click()
    expect(maria.get_by_role("button", name="Claiming…")).to_be_disabled()
    expect(maria.get_by_text("This may not have got through.")).to_be_visible(timeout=12_000)
    line.restore()
    says(maria, "Connected", 20)
    if maria.get_by_text("Claimed by you").count() == 0:
        claim.click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Claimed by you")
    expect(maria.get_by_text("This may not have got through.")).to_have_count(0)


def test_a_dead_line_is_noticed_though_the_browsers_clock_is_set_back_by_an_hour(
    sign_in: SignIn, line: TcpProxy
) -> None:
    maria = sign_in("maria")
    maria.evaluate("const now = Date.now; Date.now = () => now() - 3_600_000")
    line.black_hole()
    says(maria, "Reconnecting", 10)
    says(maria, "Disconnected", 15)
    line.restore()
    says(maria, "Connected", 20)


def test_a_page_that_loads_over_a_slow_line_sets_out_once(sign_in: SignIn, line: TcpProxy) -> None:
    maria = sign_in("maria")
    sockets: list[str] = []
    maria.on("websocket", lambda socket: sockets.append(socket.url))
    line.slow_down(0.4)
    maria.reload()
    says(maria, "Connected", 60)
    assert len(sockets) == 1
