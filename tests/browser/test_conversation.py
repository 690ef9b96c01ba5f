"""Lina tries the settings as an end user, and maria sees on her screen what comes of it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from escalation_app.demo import angry_customer
from escalation_app.demo.configuration import RESPONSE
from escalation_app.services import settings
from escalation_app.services.desk import Desk
from tests.browser.conftest import SignIn, signing_in
from tests.browser.events import claims, viewer
from tests.servers.fake_openai import FakeOpenAI
from tests.servers.program import Program

CALM = "Hello, what are your opening hours on Sunday?"
ANGRY = "I am furious! This is ridiculous, I want my refund RIGHT NOW!"


@pytest.fixture
def lina(sign_in: SignIn, program: Program) -> Page:
    return at_the_conversation(sign_in("lina"), program)


def at_the_conversation(page: Page, program: Program, query: str = "") -> Page:
    page.goto(f"{program.address}/conversation{query}")
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    return page


def starts(page: Page, how: str, queue: str = "preview") -> None:
    before = page.url
    page.get_by_label("Queue").select_option(queue)
    page.get_by_role("button", name=how).click()
    expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile(rf"queue={queue}&id=\d+"))


def says(page: Page, text: str) -> None:
    box = page.get_by_label("Message")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value("")


def messages(page: Page) -> Locator:
    return page.get_by_test_id("message")


def verdict(page: Page, number: int) -> Locator:
    return page.locator(f'[data-testid="verdict"][data-number="{number}"]')


def to_case(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile(r"^Open case #\d+"))


def test_the_angry_customer_appears_on_the_preview_queue_only_and_goes_on_live(
    lina: Page, sign_in: SignIn, program: Program
) -> None:
    maria = sign_in("maria", path="/queue/preview")
    published = sign_in("maria", path="/queue/published")
    starts(lina, "Start the angry customer")
    said = 1
    while to_case(lina).count() == 0 and said < len(angry_customer.SCRIPT):
        expect(lina.get_by_text("Detecting…")).to_have_count(0)
        if to_case(lina).count() == 0:
            lina.get_by_role("button", name="Next message").click()
            said += 1
            expect(messages(lina).nth(said - 1)).to_be_visible()
    expect(to_case(lina)).to_be_visible()
    met = lina.locator('[data-testid="verdict"][data-kind="met"]')
    expect(met).to_contain_text(re.compile(r"Offline detector · \d+ ms"))
    expect(messages(lina).last).to_contain_text(RESPONSE)
    case_id = to_case(lina).get_attribute("href").rpartition("=")[2]

    row = maria.locator(f'[data-testid="escalation-row"][data-id="{case_id}"]')
    expect(row).to_be_visible()
    row.click()
    reason = met.locator("p.text").inner_text()
    expect(maria.get_by_test_id("detail")).to_contain_text(reason)
    lina.get_by_role("button", name="Next message").click()
    expect(lina.get_by_text(f"Joins case #{case_id}").first).to_be_visible()
    spoken = messages(lina).last.locator("p.text").inner_text()
    expect(maria.get_by_test_id("detail").get_by_test_id("message").last).to_contain_text(spoken)

    other = published.locator(f'[data-testid="escalation-row"][data-id="{case_id}"]')
    expect(other).to_have_count(0)
    claims(program, "maria", int(case_id))
    expect(lina.get_by_role("status", name="Case")).to_contain_text("Claimed by Maria")
    to_case(lina).click()
    expect(lina).to_have_url(re.compile(f"/queue/preview.*case={case_id}"))
    expect(lina.get_by_test_id("detail")).to_contain_text(f"#{case_id}")


def test_a_calm_message_fires_nothing_and_the_agent_answers(lina: Page) -> None:
    starts(lina, "Start empty")
    says(lina, f"{CALM} <b>bold</b>")
    expect(verdict(lina, 1)).to_contain_text("No condition met")
    expect(messages(lina)).to_have_count(2)
    expect(messages(lina).first).to_contain_text("<b>bold</b>")
    expect(messages(lina).last).to_have_attribute("data-speaker", "agent")
    expect(to_case(lina)).to_have_count(0)


def test_a_reload_keeps_the_chat_and_the_half_written_text(lina: Page) -> None:
    starts(lina, "Start empty", "published")
    says(lina, CALM)
    expect(messages(lina)).to_have_count(2)
    lina.get_by_label("Message").fill("Half a th")
    shown = [message.locator("p.text").inner_text() for message in messages(lina).all()]
    lina.reload()
    expect(messages(lina)).to_have_count(2)
    assert [message.locator("p.text").inner_text() for message in messages(lina).all()] == shown
    expect(lina.get_by_label("Message")).to_have_value("Half a th")
    expect(lina.get_by_label("Queue")).to_have_value("published")
    other = lina.context.new_page()
    other.goto(lina.url)
    expect(messages(other)).to_have_count(2)


def test_a_reload_while_sending_neither_loses_nor_repeats_the_message(lina: Page) -> None:
    starts(lina, "Start empty")
    box = lina.get_by_label("Message")
    box.fill(CALM)
    box.press("Enter")
    lina.reload()
    expect(box).to_be_enabled()
    lina.wait_for_timeout(1_000)
    said = messages(lina).filter(has_text=CALM).count()
    assert (said, box.input_value()) in [(1, ""), (0, CALM)]


def test_the_profile_goes_with_the_case(lina: Page, sign_in: SignIn) -> None:
    lina.get_by_label("Name", exact=True).fill("Ravi <i>Menon</i>")
    lina.get_by_label("Plan").fill("")
    lina.get_by_role("button", name="Add a field").click()
    lina.get_by_label("Field name").fill("country")
    lina.get_by_label("Field value").fill("India")
    lina.get_by_label("Field value").press("Enter")
    starts(lina, "Start empty")
    says(lina, ANGRY)
    to_case(lina).click()
    detail = lina.get_by_test_id("detail")
    expect(detail).to_contain_text("Ravi <i>Menon</i>")
    expect(detail).to_contain_text("India")
    expect(detail).not_to_contain_text("Premium")


def test_enter_sends_and_shift_enter_begins_a_line(lina: Page) -> None:
    starts(lina, "Start empty")
    box = lina.get_by_label("Message")
    box.focus()
    lina.keyboard.type("One")
    lina.keyboard.press("Shift+Enter")
    lina.keyboard.type("Two")
    expect(box).to_have_value("One\nTwo")
    lina.keyboard.press("Enter")
    expect(messages(lina).first.locator("p.text")).to_have_text("One\nTwo")
    expect(box).to_be_focused()
    expect(lina.get_by_role("log")).to_contain_text("Two")


def test_what_is_too_long_stays_in_the_box_and_the_longest_is_taken(lina: Page) -> None:
    starts(lina, "Start empty")
    box = lina.get_by_label("Message")
    box.fill("x" * 100_001)
    box.press("Enter")
    expect(lina.get_by_text("The message is longer than 100,000 characters.")).to_be_visible()
    expect(box).to_have_value("x" * 100_001)
    says(lina, "€" * 100_000)
    expect(messages(lina).first).to_be_visible()
    expect(verdict(lina, 1)).to_contain_text("No condition met")


def test_while_the_database_is_away_the_text_stays_with_the_sentence(
    lina: Page, program: Program
) -> None:
    starts(lina, "Start empty")
    box = lina.get_by_label("Message")
    with locked(program):
        box.fill(CALM)
        box.press("Enter")
        said = lina.get_by_role("alert").filter(has_text="can't reach its database")
        expect(said).to_be_visible(timeout=15_000)
    expect(box).to_have_value(CALM)
    box.press("Enter")
    expect(box).to_have_value("")
    expect(messages(lina).first).to_contain_text(CALM)


@contextmanager
def locked(program: Program) -> Iterator[None]:
    path = program.database_url.removeprefix("sqlite:///")
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    yield
    database.execute("ROLLBACK")
    database.close()


@contextmanager
def switched_off(program: Program) -> Iterator[None]:
    def switch(on: bool) -> None:
        async def save(desk: Desk) -> None:
            lina = await viewer(desk, "lina")
            now = await settings.read(desk, lina)
            await settings.save(desk, lina, now.revision, replace(now.draft, enabled=on))

        program.from_outside(save)

    switch(False)
    yield
    switch(True)


def test_a_queue_whose_escalation_is_off_says_so(lina: Page, program: Program) -> None:
    with switched_off(program):
        at_the_conversation(lina, program)
        off = "Escalation is switched off in the preview settings."
        expect(lina.get_by_text(off, exact=True)).to_be_visible()
        lina.get_by_label("Queue").select_option("published")
        expect(lina.get_by_text(off)).to_have_count(0)
        starts(lina, "Start empty", "preview")
        says(lina, ANGRY)
        expect(verdict(lina, 1)).to_contain_text(f"Not judged: {off}")
        expect(to_case(lina)).to_have_count(0)


def test_who_may_not_converse_is_told_and_has_no_link(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    expect(maria.get_by_role("link", name="Test conversation")).to_have_count(0)
    at_the_conversation(maria, program)
    expect(maria.get_by_text("Your role (supervisor) may not write in a")).to_be_visible()
    expect(maria.get_by_role("button", name="Start empty")).to_have_count(0)


def test_what_does_not_exist_is_said_and_one_can_start(lina: Page, program: Program) -> None:
    at_the_conversation(lina, program, "?queue=preview&id=999999")
    expect(lina.get_by_text("No such conversation")).to_be_visible()
    starts(lina, "Start empty")
    expect(lina.get_by_text("No such conversation")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1024])
def test_it_fits_a_narrow_screen(sign_in: SignIn, program: Program, width: int) -> None:
    admin = sign_in("admin", viewport={"width": width, "height": 844})
    at_the_conversation(admin, program)
    starts(admin, "Start empty")
    says(admin, f"{ANGRY} {'verylongword' * 40}")
    expect(to_case(admin)).to_be_in_viewport()
    assert admin.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture
def lina_with_model(with_model: Program, browser: Browser) -> Iterator[Page]:
    with signing_in(with_model, browser) as sign_in:
        yield at_the_conversation(sign_in("lina"), with_model)


def test_with_a_model_the_model_judges_and_answers(
    lina_with_model: Page, model: FakeOpenAI
) -> None:
    lina = lina_with_model
    model.suffer("fine")
    starts(lina, "Start empty")
    says(lina, CALM)
    expect(verdict(lina, 1)).to_contain_text(
        re.compile(r"No condition met.*AI model · \d+ ms", re.S)
    )
    expect(messages(lina).last).to_contain_text("Could you tell me your order number")
    says(lina, ANGRY)
    expect(verdict(lina, 3)).to_contain_text("The user is upset")
    expect(to_case(lina)).to_be_visible()


def test_a_model_that_hangs_holds_up_nothing(lina_with_model: Page, model: FakeOpenAI) -> None:
    lina = lina_with_model
    model.suffer("hang")
    starts(lina, "Start empty")
    says(lina, ANGRY)
    expect(verdict(lina, 1)).to_contain_text("Detecting…")
    says(lina, "And another thing.")
    expect(messages(lina)).to_have_count(2)
    lina.reload()
    expect(messages(lina)).to_have_count(2)
    expect(verdict(lina, 1)).to_contain_text("Detecting…")
    starts(lina, "Start the angry customer", "published")
    expect(messages(lina)).to_have_count(1)


def test_where_the_model_fails_the_offline_detector_steps_in(
    lina_with_model: Page, model: FakeOpenAI
) -> None:
    lina = lina_with_model
    model.suffer("500")
    starts(lina, "Start empty")
    says(lina, ANGRY)
    expect(to_case(lina)).to_be_visible(timeout=15_000)
    expect(verdict(lina, 1)).to_contain_text("The model has a fault of its own")
    expect(verdict(lina, 1)).to_contain_text("The offline detector stepped in.")
    expect(verdict(lina, 1)).to_contain_text(re.compile(r"Offline detector · \d+ ms"))
    model.suffer("fine")


def test_maria_who_may_not_write_is_told_so_and_led_to_her_queue(sign_in: SignIn) -> None:
    maria = sign_in("maria", path="/conversation")
    expect(maria.get_by_role("heading")).to_have_text(
        "Test conversations are not yours to write in"
    )
    expect(maria.get_by_text("Your role (supervisor) may not write")).to_be_visible()
    maria.get_by_role("link", name="Go to the queue").click()
    maria.wait_for_url("**/queue/published**")
