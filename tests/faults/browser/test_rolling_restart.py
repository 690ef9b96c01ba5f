"""The desk's processes are replaced one by one while people are in the middle of writing."""

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives, claims
from tests.browser.test_attention import enable_sound, wait_for_sound
from tests.servers.program import Program

# Two processes, each of which may drain for eight seconds.
RESTART_SECONDS = 60


def restart(program: Program) -> None:
    """Replace all workers, and wait until none of the old ones is left and the tabs had to move."""
    before = set(program.workers)
    program.restart_its_workers()
    deadline = time.monotonic() + RESTART_SECONDS
    while before & set(program.workers) or len(program.workers) != 2:
        assert time.monotonic() < deadline, "The old processes are still there."
        time.sleep(0.2)


def loaded_at(page: Page) -> float:
    return float(page.evaluate("performance.timeOrigin"))


def test_a_rolling_restart_takes_nothing_from_anybodys_hands(
    sign_in_there: SignIn, two_workers: Program
) -> None:
    case_id = a_case_arrives(two_workers)
    claims(two_workers, "maria", case_id)
    maria = sign_in_there("maria", path=f"/queue/published?view=all&case={case_id}")
    enable_sound(maria)
    note = maria.get_by_label("What happened")
    note.fill("Charged twice, by the look of it")
    lina = sign_in_there("lina", path="/settings")
    response = lina.get_by_label("Message to the end user")
    response.fill("A colleague will be with you in a moment.")
    writing = lina.context.new_page()
    writing.goto(f"{two_workers.address}/conversation?queue=preview")
    writing.get_by_role("button", name="Start empty").click()
    message = writing.get_by_label("Message")
    expect(message).to_be_enabled()
    message.fill("I have been waiting for")
    pages = (maria, lina, writing)
    before = [loaded_at(page) for page in pages]
    restart(two_workers)
    meanwhile = a_case_arrives(two_workers)
    for page in pages:
        expect(page.get_by_test_id("connection")).to_have_text("Connected", timeout=5_000)
    expect(maria.locator(f"[data-testid=escalation-row][data-id='{meanwhile}']")).to_be_visible()
    assert [loaded_at(page) for page in pages] == before
    expect(note).to_have_value("Charged twice, by the look of it")
    expect(response).to_have_value("A colleague will be with you in a moment.")
    expect(lina.get_by_text("Unsaved changes").first).to_be_visible()
    expect(message).to_have_value("I have been waiting for")
    message.press_sequentially(" an hour")
    message.press("Enter")
    expect(writing.get_by_test_id("message").first).to_contain_text(
        "I have been waiting for an hour"
    )
    a_case_arrives(two_workers)
    wait_for_sound(maria, "new-escalation")
