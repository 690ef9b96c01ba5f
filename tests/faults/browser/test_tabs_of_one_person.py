"""One person with several tabs in one browser, duplicated ones too, on two processes."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from escalation_app.domain.vocabulary import Urgency
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives
from tests.browser.test_attention import enable_sound, heard
from tests.faults.browser.processes import Tab, three_on_both
from tests.servers.program import Program


def duplicated(page: Page) -> Page:
    """As the browser's own command does: a new tab whose session storage is a copy."""
    stored = json.dumps(page.evaluate("({...sessionStorage})"))
    copy = page.context.new_page()
    copy.add_init_script(
        f"if (!sessionStorage.length) Object.assign(sessionStorage, {stored})",
    )
    copy.goto(page.url)
    return copy


def opened(page: Page) -> Page:
    """By a script of the page itself: the browser copies the session storage."""
    with page.context.expect_page() as coming:
        page.evaluate("() => void window.open(location.href)")
    return coming.value


def token_of(page: Page) -> str:
    return str(page.evaluate("sessionStorage.getItem('token')"))


@pytest.mark.parametrize("another", [duplicated, opened])
def test_a_duplicate_lives_a_life_of_its_own_and_both_follow(
    sign_in_there: SignIn, two_workers: Program, another: Callable[[Page], Page]
) -> None:
    hers, others = a_case_arrives(two_workers), a_case_arrives(two_workers)
    maria = sign_in_there("maria", path=f"/queue/published?view=all&case={hers}")
    copy = another(maria)
    copy.get_by_text("Connected", exact=True).wait_for()
    assert token_of(copy) != token_of(maria)
    copy.locator(f"[data-testid=escalation-row][data-id='{others}']").click()
    expect(copy.get_by_test_id("detail")).to_contain_text(f"#{others}")
    expect(maria.get_by_test_id("detail")).to_contain_text(f"#{hers}")
    copy.get_by_role("button", name="Claim").click()
    for tab in (maria, copy):
        taken = tab.locator(f"[data-testid=escalation-row][data-id='{others}']")
        expect(taken).to_have_attribute("data-status", "InProgress")
    later = a_case_arrives(two_workers)
    for tab in (maria, copy):
        expect(tab.locator(f"[data-testid=escalation-row][data-id='{later}']")).to_be_visible()
        expect(tab.get_by_test_id("connection")).to_have_text("Connected")


def test_signing_out_in_one_tab_ends_them_all_and_nobody_elses(
    sign_in_there: SignIn, two_workers: Program
) -> None:
    tabs = three_on_both(sign_in_there("maria"))
    copies = [duplicated(tabs[0].page), opened(tabs[1].page)]
    for copy in copies:
        copy.get_by_text("Connected", exact=True).wait_for()
    omars = three_on_both(sign_in_there("omar"))
    tabs[0].page.get_by_role("button", name="Sign out").click()
    for page in [*(tab.page for tab in tabs), *copies]:
        page.wait_for_url(re.compile("/login"), timeout=10_000)
    for tab in omars:
        expect(tab.page.get_by_test_id("connection")).to_have_text("Connected")


def with_sound(page: Page) -> list[Tab]:
    """Three tabs on both processes, in each of which the browser lets the desk sound."""
    tabs = three_on_both(page)
    enable_sound(tabs[0].page)
    for tab in tabs[1:]:
        tab.page.mouse.click(5, 5)
        expect(tab.page.get_by_role("button", name="Sound on")).to_be_visible()
    return tabs


def news_heard(tabs: list[Tab]) -> list[str]:
    return [name for tab in tabs for name in heard(tab.page) if name != "test-tone"]


def waits_for_news(tabs: list[Tab]) -> None:
    """Until one sounds, and as long again as another one might need."""
    for _ in range(100):
        if news_heard(tabs):
            break
        tabs[0].page.wait_for_timeout(100)
    tabs[0].page.wait_for_timeout(2_500)


def critical_case(program: Program) -> int:
    return a_case_arrives(program, urgency=Urgency.CRITICAL)


def test_a_critical_case_sounds_once_for_three_tabs_also_after_one_was_closed(
    sign_in_there: SignIn, two_workers: Program
) -> None:
    tabs = with_sound(sign_in_there("maria"))
    critical_case(two_workers)
    waits_for_news(tabs)
    assert news_heard(tabs) == ["new-escalation"]
    for tab in tabs:
        expect(tab.page.get_by_text("New critical case")).to_be_visible()
    [who_sounded] = [tab for tab in tabs if "new-escalation" in heard(tab.page)]
    who_sounded.page.close()
    left = [tab for tab in tabs if tab is not who_sounded]
    critical_case(two_workers)
    waits_for_news(left)
    assert news_heard(left) == ["new-escalation"]


def falls_asleep(page: Page) -> CDPSession:
    """Nothing runs in it any more. A browser freezes only tabs that nobody sees, and the driver's
    are all seen, so its debugger holds this one.
    """
    session = page.context.new_cdp_session(page)
    held: list[object] = []
    session.on("Debugger.paused", lambda event: held.append(event))
    session.send("Debugger.enable")
    session.send("Debugger.pause")
    another = next(other for other in page.context.pages if other is not page)
    for _ in range(100):
        if held:
            return session
        another.wait_for_timeout(50)
    raise AssertionError("It is still awake.")


# Whoever takes the turn away from one that sleeps may fall asleep as well.
@pytest.mark.parametrize(
    "turns", [["desk-sound-turn"], ["desk-sound-turn", "desk-sound-turn-taken"]]
)
def test_a_tab_asleep_in_its_turn_keeps_nobody_silent_and_repeats_nothing_when_it_wakes(
    sign_in_there: SignIn, two_workers: Program, turns: list[str]
) -> None:
    tabs = with_sound(sign_in_there("maria"))
    # Nobody can stop a tab at the very moment at which it is about to play, so it stays in it.
    tabs[0].page.evaluate(
        """(turns) => Promise.all(turns.map((turn) => new Promise((granted) => {
            navigator.locks.request(turn, () => (granted(), new Promise(() => {}))).catch(() => {});
        }))).then(() => {})""",
        turns,
    )
    session = falls_asleep(tabs[0].page)
    critical_case(two_workers)
    waits_for_news(tabs[1:])
    assert news_heard(tabs[1:]) == ["new-escalation"]
    session.send("Debugger.disable")
    waits_for_news(tabs[1:])
    assert news_heard(tabs) == ["new-escalation"]
