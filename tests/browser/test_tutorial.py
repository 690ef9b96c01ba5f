"""The whole walk in one go: configured, tried in preview, published, and worked as a real case."""

import re

from playwright.sync_api import Page, expect

from escalation_app.demo import angry_customer
from tests.browser.configuring import the_demo_s_settings_hold
from tests.browser.conftest import SignIn
from tests.servers.program import Program


def plays_the_angry_customer(lina: Page, queue: str) -> str:
    """Step through the script until a case is open. Returns the case's number."""
    lina.get_by_label("Queue").select_option(queue)
    lina.get_by_role("button", name="Start the angry customer").click()
    expect(lina).to_have_url(re.compile(rf"queue={queue}&id=\d+"))
    link = lina.get_by_role("link", name=re.compile(r"^Open case #\d+"))
    for number in range(2, len(angry_customer.SCRIPT) + 1):
        expect(lina.get_by_text("Detecting…")).to_have_count(0)
        if link.count():
            break
        lina.get_by_role("button", name="Next message").click()
        expect(lina.get_by_test_id("message").nth(number - 1)).to_be_visible()
    expect(link).to_be_visible()
    number = re.search(r"#(\d+)", link.inner_text())
    assert number
    return number[1]


def test_from_a_changed_trigger_to_a_completed_case(sign_in: SignIn, program: Program) -> None:
    the_demo_s_settings_hold(program)
    # A builder changes a trigger and saves; the preview queue runs on it.
    lina = sign_in("lina", path="/settings")
    lina.get_by_label("Label").first.fill("Furious customer")
    lina.get_by_role("button", name="Save").click()
    expect(lina.get_by_test_id("save-bar")).to_contain_text("Saved.")
    # She tries what publishing it would change on what was really said.
    lina.get_by_label("Last conversations").fill("5")
    lina.get_by_role("button", name="Replay").click()
    expect(lina.get_by_test_id("replay-result")).to_contain_text("5 of 5 judged", timeout=30_000)
    # The test conversation opens a case on the preview queue, with the new trigger.
    lina.get_by_role("link", name="Test conversation").click()
    tried = plays_the_angry_customer(lina, "preview")
    lina.get_by_role("link", name=re.compile(r"^Open case #")).click()
    lina.wait_for_url("**/queue/preview**")
    detail = lina.get_by_test_id("detail")
    expect(detail).to_contain_text(f"#{tried}")
    expect(detail).to_contain_text("Furious customer, judged by the offline detector")
    # Satisfied, she publishes.
    lina.get_by_role("link", name="Settings").click()
    lina.get_by_role("button", name="Publish").click()
    dialog = lina.get_by_role("dialog")
    expect(dialog).to_contain_text("Furious customer")
    dialog.get_by_role("button", name="Publish").click()
    expect(lina.get_by_test_id("published-version")).to_contain_text("published by Lina")
    # The angry customer writes for real, and maria sees it arrive.
    maria = sign_in("maria", path="/queue/published")
    lina.get_by_role("link", name="Test conversation").click()
    number = plays_the_angry_customer(lina, "published")
    row = maria.locator(f'[data-testid="escalation-row"][data-id="{number}"]')
    expect(row).to_have_attribute("data-urgency", "critical")
    row.click()
    detail = maria.get_by_test_id("detail")
    expect(detail).to_contain_text("Furious customer")
    maria.get_by_role("button", name="Claim").click()
    expect(detail).to_contain_text("Claimed by you")
    maria.get_by_role("button", name="Generate summary").click()
    sentences = maria.get_by_test_id("summary-sentence")
    expect(sentences.first).to_be_visible()
    cited = sentences.first.get_by_role("button").first
    message = maria.locator(f'[data-testid="message"][data-number="{cited.inner_text()}"]')
    cited.click()
    expect(message).to_have_attribute("aria-current", "true")
    maria.get_by_label("What happened").fill("Charged twice for order A-20417.")
    maria.get_by_label("What was done").fill("Refunded $89.90.")
    maria.get_by_label("Follow-up").fill("None.")
    maria.get_by_role("button", name="Complete", exact=True).click()
    expect(detail).to_contain_text("Completed by Maria")
    expect(maria.get_by_text(f"Case #{number} is completed.")).to_be_visible()
