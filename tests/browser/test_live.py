"""What others do appears by itself, within the filters, and the screen agrees with itself."""

import re
import time

from playwright.sync_api import Page, expect

from escalation_app.domain.vocabulary import Urgency
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives, claims, releases, the_customer_says
from tests.servers.program import Program


def row(page: Page, case_id: int):
    return page.locator(f'[data-testid="escalation-row"][data-id="{case_id}"]')


def count_of(page: Page, view: str) -> int:
    tab = page.get_by_role("link", name=re.compile(f"^{view}"))
    return int(tab.inner_text().split()[-1])


def test_a_filtered_list_takes_only_what_matches_and_its_count_agrees(
    sign_in: SignIn, program: Program
) -> None:
    maria = sign_in("maria", path="/queue/published?urgency=critical&topic=Booking")
    expect(maria.get_by_test_id("escalation-list")).to_be_visible()
    other = a_case_arrives(program, urgency=Urgency.LOW, topic="Booking")
    matching = a_case_arrives(program, urgency=Urgency.CRITICAL, topic="Booking")
    expect(row(maria, matching)).to_be_visible()
    expect(row(maria, other)).to_have_count(0)
    rows = maria.get_by_test_id("escalation-row")
    assert rows.count() == count_of(maria, "Waiting")
    claims(program, "admin", matching)
    expect(row(maria, matching)).to_have_count(0)
    assert rows.count() == count_of(maria, "Waiting")


def test_the_selected_case_stays_and_says_what_became_of_it(
    sign_in: SignIn, program: Program
) -> None:
    case_id = a_case_arrives(program)
    maria = sign_in("maria", path="/queue/published")
    row(maria, case_id).click()
    maria.mouse.move(1_000, 880)
    claims(program, "omar", case_id)
    detail = maria.get_by_test_id("detail")
    expect(detail).to_contain_text(re.compile(r"Claimed by Omar\s*(just now|\d+ s ago)"))
    expect(row(maria, case_id)).to_have_count(0)
    expect(maria).to_have_url(re.compile(f"case={case_id}"))
    the_customer_says(program, case_id, "Hello? <b>Anybody?</b>")
    expect(detail.get_by_test_id("message").last).to_contain_text("Hello? <b>Anybody?</b>")
    expect(
        detail.locator('[data-testid="timeline-entry"][data-kind="message_added"]')
    ).to_have_count(1)


def test_of_two_who_claim_at_once_one_has_it_and_the_other_reads_who(
    sign_in: SignIn, program: Program
) -> None:
    case_id = a_case_arrives(program)
    address = f"/queue/published?view=all&case={case_id}"
    maria, admin = sign_in("maria", path=address), sign_in("admin", path=address)
    for page in (maria, admin):
        expect(page.get_by_role("button", name="Claim")).to_be_enabled()
    agreed = round(time.time() * 1000) + 1_500
    click = "at => void setTimeout(() => document.querySelector('.claim').click(), at - Date.now())"
    for page in (maria, admin):
        page.evaluate(click, agreed)
    for page in (maria, admin):
        expect(page.get_by_test_id("detail")).to_contain_text("Claimed by")
    has_it = "Claimed by you" in maria.get_by_test_id("detail").inner_text()
    winner, loser, name = (maria, admin, "Maria") if has_it else (admin, maria, "Admin")
    expect(winner.get_by_test_id("detail")).to_contain_text("Claimed by you")
    expect(loser.get_by_test_id("detail")).to_contain_text(f"Claimed by {name}")
    told = re.compile(rf"Claimed by {name} (just now|\d+ s ago)")
    expect(loser.get_by_text(told).first).to_be_visible()
    for page in (maria, admin):
        expect(page.get_by_role("button", name="Claim")).to_have_count(0)


def test_a_case_taken_away_keeps_what_was_typed_in_sight(sign_in: SignIn, program: Program) -> None:
    case_id = a_case_arrives(program)
    claims(program, "maria", case_id)
    maria = sign_in("maria", path=f"/queue/published?view=all&case={case_id}")
    maria.get_by_label("What happened").fill("She was charged twice, the bank confirms")
    releases(program, "admin", case_id)
    unsent = maria.get_by_role("region", name="Your unsent note")
    expect(unsent).to_contain_text("She was charged twice, the bank confirms")
    maria.get_by_role("button", name="Claim").click()
    expect(maria.get_by_label("What happened")).to_have_value(
        "She was charged twice, the bank confirms"
    )


def test_the_pushed_screen_equals_the_loaded_one_after_every_verb(
    sign_in: SignIn, program: Program
) -> None:
    case_id = a_case_arrives(program)
    address = f"/queue/published?view=all&topic=Billing&case={case_id}"
    watching = sign_in("maria", path=address)
    loading = watching.context.new_page()
    steps = [
        lambda: claims(program, "omar", case_id),
        lambda: the_customer_says(program, case_id, "Still there?"),
        lambda: releases(program, "omar", case_id),
        lambda: claims(program, "maria", case_id),
    ]
    for number, step in enumerate(steps):
        step()
        entries = watching.get_by_test_id("timeline-entry")
        expect(entries).to_have_count(number + 2)
        loading.goto(f"{program.address}{address}")
        expect(loading.get_by_test_id("timeline-entry")).to_have_count(number + 2)
        assert picture(watching) == picture(loading)


def picture(page: Page) -> list[str]:
    """All that the panes say, without the ages, which go on by themselves."""
    script = """() => [...document.querySelectorAll('.views, .rows, .detail')].map((pane) => {
        const copy = pane.cloneNode(true);
        copy.querySelectorAll('time').forEach((time) => time.replaceWith(time.dateTime));
        return copy.textContent;
    })"""
    return list(page.evaluate(script))
