"""What calls a person: sounds, the tab's title, and the strip for a critical case."""

import re
import time

from playwright.sync_api import Page, expect

from escalation_app.domain.vocabulary import Queue, Urgency
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives, claims
from tests.servers.program import Program


def heard(page: Page) -> list[str]:
    return list(page.evaluate("window.__sounds ?? []"))


def enable_sound(page: Page) -> None:
    page.get_by_role("button", name="Enable sound").click()
    wait_for_sound(page, "test-tone")
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()


def wait_for_sound(page: Page, name: str) -> None:
    # The driver's own waiting evaluates text in the page, which the page's policy forbids.
    deadline = time.monotonic() + 30
    while name not in heard(page):
        assert time.monotonic() < deadline, f"nobody heard {name}"
        page.wait_for_timeout(50)


def test_a_new_case_and_a_change_sound_differently(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    enable_sound(maria)
    case_id = a_case_arrives(program)
    wait_for_sound(maria, "new-escalation")
    assert "status-change" not in heard(maria)
    maria.wait_for_timeout(1_600)
    claims(program, "omar", case_id)
    wait_for_sound(maria, "status-change")
    assert heard(maria) == ["test-tone", "new-escalation", "status-change"]


def test_one_tab_of_a_browser_sounds_and_a_burst_sounds_once(
    sign_in: SignIn, program: Program
) -> None:
    maria = sign_in("maria")
    enable_sound(maria)
    other = maria.context.new_page()
    other.goto(maria.url)
    other.get_by_text("Connected", exact=True).wait_for()
    other.mouse.click(5, 5)
    expect(other.get_by_role("button", name="Sound on")).to_be_visible()
    for _ in range(3):
        a_case_arrives(program)
    maria.wait_for_timeout(2_500)
    news = [name for page in (maria, other) for name in heard(page) if name != "test-tone"]
    assert news == ["new-escalation"]


def test_the_choice_of_sound_is_remembered_and_a_block_is_said(sign_in: SignIn) -> None:
    maria = sign_in("maria")
    enable_sound(maria)
    other = maria.context.new_page()
    other.goto(maria.url)
    # The driver's own looking counts as a gesture, so the page is left alone while it starts.
    other.wait_for_timeout(3_000)
    # Browsers want a gesture in each tab; until then the button says what is the matter.
    expect(other.get_by_role("button", name="blocked by the browser")).to_be_visible()
    other.mouse.click(5, 5)
    other.get_by_role("button", name="Sound on").click()
    for page in (maria, other):
        expect(page.get_by_role("button", name="Enable sound", exact=True)).to_be_visible()
    other.reload()
    expect(other.get_by_role("button", name="Enable sound", exact=True)).to_be_visible()


def test_the_title_counts_new_cases_until_maria_is_back(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    expect(maria).to_have_title(re.compile(r"^Published queue"))
    a_case_arrives(program)
    a_case_arrives(program)
    expect(maria).to_have_title(re.compile(r"^\(2\) Published queue"))
    maria.mouse.move(700, 500)
    expect(maria).to_have_title(re.compile(r"^Published queue"))


def test_a_critical_case_is_announced_over_a_held_list(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    rows = maria.get_by_test_id("escalation-row")
    rows.first.hover()
    first = rows.first.get_attribute("data-id")
    case_id = a_case_arrives(program, urgency=Urgency.CRITICAL, reason="Threatens a lawsuit.")
    strip = maria.get_by_role("alert").filter(has_text="New critical case")
    expect(strip).to_contain_text("Threatens a lawsuit.")
    assert rows.first.get_attribute("data-id") == first
    strip.get_by_role("link", name=f"#{case_id}").click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Threatens a lawsuit.")
    expect(strip).to_have_count(0)


def test_what_omar_may_not_see_does_not_call_him(sign_in: SignIn, program: Program) -> None:
    omar = sign_in("omar")
    enable_sound(omar)
    for outside in ({"topic": "Booking"}, {"area": "Order"}, {"queue": Queue.PREVIEW}):
        a_case_arrives(program, urgency=Urgency.CRITICAL, **outside)
    omar.wait_for_timeout(2_500)
    assert heard(omar) == ["test-tone"]
    expect(omar.get_by_text("New critical case")).to_have_count(0)
    expect(omar).to_have_title(re.compile(r"^Published queue"))
