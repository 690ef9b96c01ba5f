"""The settings page: edited, kept, refused beside the field, saved, published, restored."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.people import EVERYTHING
from escalation_app.domain.vocabulary import Queue
from tests.browser.configuring import (
    draft,
    published,
    publishes,
    saves,
    the_demo_s_settings_hold,
)
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives
from tests.servers.program import Program
from tests.servers.tcp_proxy import TcpProxy


@pytest.fixture(autouse=True)
def demo_settings(program: Program) -> None:
    the_demo_s_settings_hold(program)


def bar(page: Page) -> Locator:
    return page.get_by_test_id("save-bar")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def saved(page: Page) -> None:
    save(page)
    expect(bar(page)).to_contain_text("Saved. The preview queue runs on it now.")


def refused(page: Page, field: Locator, words: str) -> None:
    """Told beside the field, which is marked and described by it."""
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    told = " ".join(
        page.locator(f'[id="{one}"]').inner_text()
        for one in described.split()
        if page.locator(f'[id="{one}"]').count()
    )
    assert words in told


def response(page: Page) -> Locator:
    return page.get_by_label("Message to the end user")


def add_condition(page: Page) -> None:
    """One more, whose label waits for the letters."""
    before = page.get_by_label("Label").count()
    page.get_by_role("button", name="Add trigger condition").click()
    expect(page.get_by_label("Label")).to_have_count(before + 1)
    expect(page.get_by_label("Label").last).to_be_focused()


def supervisor(page: Page, name: str) -> Locator:
    return page.get_by_test_id("supervisor").filter(has_text=name)


def test_lina_changes_a_trigger_and_only_the_preview_runs_on_it(
    sign_in: SignIn, program: Program
) -> None:
    lina = sign_in("lina", path="/settings")
    lina.get_by_label("Label").first.fill("Furious customer")
    expect(bar(lina)).to_contain_text("Unsaved changes")
    add_condition(lina)
    lina.get_by_label("Label").last.fill("Asks for a lawyer")
    lina.get_by_label("Description").last.fill("User threatens to call a lawyer")
    lina.get_by_label("Default topic").last.select_option("Complaint")
    lina.get_by_label("Default area").last.select_option("Service")
    saved(lina)
    labels = [one.label for one in draft(program).conditions]
    assert labels[0] == "Furious customer"
    assert labels[-1] == "Asks for a lawyer"
    assert "Asks for a lawyer" not in str(published(program)[1])
    lina.get_by_role("link", name="Open Preview Queue").click()
    lina.wait_for_url("**/queue/preview**")


def test_a_new_topic_is_a_filter_of_the_preview_queue_once_saved(sign_in: SignIn) -> None:
    lina = sign_in("lina", path="/settings")
    lina.get_by_label("New topic").fill("Warranty")
    lina.get_by_role("button", name="Add topic").click()
    expect(lina.get_by_label("New topic")).to_have_value("")
    saved(lina)
    lina.get_by_role("link", name="Open Preview Queue").click()
    expect(lina.get_by_label("Topic").locator("option", has_text="Warranty")).to_have_count(1)
    lina.get_by_role("link", name="Published queue").click()
    lina.wait_for_url("**/queue/published**")
    expect(lina.get_by_label("Topic").locator("option", has_text="Billing")).to_have_count(1)
    expect(lina.get_by_label("Topic").locator("option", has_text="Warranty")).to_have_count(0)


def test_everything_wrong_is_told_beside_its_field_and_everything_typed_stays(
    sign_in: SignIn, program: Program
) -> None:
    before = draft(program)
    lina = sign_in("lina", path="/settings")
    labels, descriptions = lina.get_by_label("Label"), lina.get_by_label("Description")
    labels.nth(1).fill("angry CUSTOMER")
    labels.nth(2).fill("")
    descriptions.nth(0).fill("x" * 5_000)
    response(lina).fill("y" * 501)
    expect(lina.get_by_text("501 / 500")).to_be_visible()
    lina.get_by_text("Tell another program about cases").click()
    lina.get_by_label("URL").fill("http://example.com/hook")
    maria = supervisor(lina, "Maria")
    maria.get_by_role("group", name="Topics of Maria").get_by_role("button", name="ALL").click()
    save(lina)
    refused(lina, labels.nth(1), "Another condition has this label.")
    refused(lina, labels.nth(2), "The label must not be empty.")
    refused(lina, descriptions.nth(0), "The description is longer than 2,000 characters.")
    refused(lina, response(lina), "longer than 500")
    refused(lina, lina.get_by_label("URL"), "must begin with https://")
    expect(maria).to_contain_text("Choose at least one topic, or ALL.")
    expect(bar(lina)).to_contain_text("Not saved: 6 fields need another look.")
    expect(descriptions.nth(0)).to_be_focused()
    expect(descriptions.nth(0)).to_have_value("x" * 5_000)
    expect(response(lina)).to_have_value("y" * 501)
    expect(labels.nth(1)).to_have_value("angry CUSTOMER")
    expect(lina.get_by_label("URL")).to_have_value("http://example.com/hook")
    assert draft(program) == before
    lina.get_by_label("URL").fill("https://example.com/hook")
    expect(lina.get_by_label("URL")).not_to_have_attribute("aria-invalid", "true")
    expect(response(lina)).to_have_attribute("aria-invalid", "true")


def test_a_tag_that_cannot_be_one_is_refused_where_it_was_typed(sign_in: SignIn) -> None:
    lina = sign_in("lina", path="/settings")
    topic = lina.get_by_label("New topic")
    for wrong, words in (("billing", "in the list already"), ("a, b", "comma"), ("ALL", "is kept")):
        topic.fill(wrong)
        topic.press("Enter")
        refused_words = lina.locator('[id="field-topics-error"]')
        expect(refused_words).to_contain_text(words)
        expect(topic).to_have_value(wrong)


def test_unsaved_changes_survive_a_reload_and_are_said_to(
    sign_in: SignIn, program: Program
) -> None:
    lina = sign_in("lina", path="/settings")
    response(lina).fill("A colleague will be with you at once.")
    add_condition(lina)
    lina.get_by_label("Label").last.fill("Half a lab")
    supervisor(lina, "Omar").get_by_role("button", name="Order").click()
    expect(
        supervisor(lina, "Omar").get_by_role("button", name="Order", pressed=True)
    ).to_be_visible()
    lina.reload()
    expect(response(lina)).to_have_value("A colleague will be with you at once.")
    expect(lina.get_by_label("Label").last).to_have_value("Half a lab")
    expect(
        supervisor(lina, "Omar").get_by_role("button", name="Order", pressed=True)
    ).to_be_visible()
    expect(bar(lina)).to_contain_text("Unsaved changes They are still here from before.")
    bar(lina).get_by_role("button", name="Discard").click()
    dialog = lina.get_by_role("dialog")
    expect(dialog).to_contain_text("Discard your changes of 3 fields?")
    dialog.get_by_role("button", name="Keep typing").click()
    expect(bar(lina)).to_contain_text("Unsaved changes")
    bar(lina).get_by_role("button", name="Discard").click()
    dialog.get_by_role("button", name="Discard").click()
    expect(bar(lina)).to_contain_text("Draft saved by")
    lina.reload()
    expect(response(lina)).to_have_value(re.compile("^I'm sorry about this"))
    expect(lina.get_by_label("Label")).to_have_count(len(draft(program).conditions))


def test_each_tab_of_one_person_keeps_its_own_and_a_closed_one_leaves_it_to_the_next(
    sign_in: SignIn,
) -> None:
    one = sign_in("lina", path="/settings")
    response(one).fill("Of the first tab.")
    expect(bar(one)).to_contain_text("Unsaved changes")
    two = one.context.new_page()
    two.goto(one.url)
    expect(response(two)).to_have_value(re.compile("^I'm sorry about this"))
    two.get_by_label("Summary language").select_option("fr")
    expect(bar(two)).to_contain_text("Unsaved changes")
    for tab, words in ((one, "^Of the first tab"), (two, "^I'm sorry about this")):
        tab.reload()
        expect(response(tab)).to_have_value(re.compile(words))
        expect(bar(tab)).to_contain_text("Unsaved changes")
    offer = "A tab of yours was closed"
    expect(two.get_by_text(offer)).to_have_count(0)
    one.close()
    three = two.context.new_page()
    three.goto(two.url)
    expect(three.get_by_text(offer)).to_be_visible()
    expect(response(three)).to_have_value(re.compile("^I'm sorry about this"))
    three.get_by_role("button", name="Bring them back").click()
    expect(response(three)).to_have_value("Of the first tab.")
    expect(three.get_by_text(offer)).to_have_count(0)


FULL = """
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (...given) {
  if (this === window.localStorage) throw new DOMException("full", "QuotaExceededError");
  return set.apply(this, given);
};
"""


def test_what_is_typed_reaches_the_desk_when_the_browser_can_keep_nothing(
    sign_in: SignIn, program: Program
) -> None:
    lina = sign_in("lina")
    lina.add_init_script(FULL)
    lina.goto(f"{program.address}/settings")
    response(lina).fill("Typed all the same.")
    saved(lina)
    assert draft(program).response == "Typed all the same."


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_told_covers_neither_save_nor_publish(
    sign_in: SignIn, program: Program, width: int
) -> None:
    saves(program, "lina", lambda now: replace(now, language="fr"))
    lina = sign_in("lina", path="/settings", viewport={"width": width, "height": 844})
    lina.get_by_role("button", name="Publish").click()
    expect(lina.get_by_role("dialog")).to_be_visible()
    saves(program, "admin", lambda now: replace(now, language="de"))
    lina.get_by_role("dialog").get_by_role("button", name="Publish").click()
    told = lina.locator("[data-sonner-toast]")
    expect(told).to_be_visible()
    lina.wait_for_timeout(500)
    box, buttons = told.bounding_box(), bar(lina).bounding_box()
    assert box is not None
    assert buttons is not None
    assert box["y"] + box["height"] <= buttons["y"]


def test_letters_typed_right_before_a_reload_are_not_lost(sign_in: SignIn) -> None:
    lina = sign_in("lina", path="/settings")
    response(lina).fill("Typed and gone")
    lina.reload()
    expect(response(lina)).to_have_value("Typed and gone")
    expect(bar(lina)).to_contain_text("Unsaved changes")
    saved(lina)
    lina.reload()
    expect(response(lina)).to_have_value("Typed and gone")
    expect(bar(lina)).to_contain_text("Draft saved by Lina")


def test_typing_in_two_fields_at_once_loses_no_letter(sign_in: SignIn, program: Program) -> None:
    lina = sign_in("lina", path="/settings")
    lina.get_by_label("Label").first.fill("")
    lina.get_by_label("Label").first.press_sequentially("Very angry", delay=20)
    lina.get_by_label("Description").first.fill("")
    lina.get_by_label("Description").first.press_sequentially("Shouts at us", delay=20)
    saved(lina)
    first = draft(program).conditions[0]
    assert (first.label, first.description) == ("Very angry", "Shouts at us")


def test_of_two_who_edit_the_second_sees_what_differs_and_decides(
    sign_in: SignIn, program: Program
) -> None:
    lina, admin = sign_in("lina", path="/settings"), sign_in("admin", path="/settings")
    response(admin).fill("Admin's words.")
    expect(bar(admin)).to_contain_text("Unsaved changes")
    response(lina).fill("Lina's words.")
    saved(lina)
    conflict = admin.get_by_test_id("conflict")
    expect(conflict).to_contain_text("Lina saved meanwhile")
    save(admin)
    row = conflict.locator('tr[data-field="response"]')
    expect(row).to_contain_text("Admin's words.")
    expect(row).to_contain_text("Lina's words.")
    expect(bar(admin)).to_contain_text("Not saved: Lina saved meanwhile. See the difference")
    expect(conflict.get_by_role("heading")).to_be_focused()
    expect(conflict.get_by_role("heading")).to_be_in_viewport()
    assert draft(program).response == "Lina's words."
    expect(response(admin)).to_have_value("Admin's words.")
    admin.get_by_role("button", name="Merge and go on").click()
    expect(conflict).to_have_count(0)
    saved(admin)
    assert draft(program).response == "Admin's words."
    expect(response(lina)).to_have_value("Admin's words.")


def test_what_only_they_changed_is_taken_over_and_what_both_changed_is_chosen(
    sign_in: SignIn, program: Program
) -> None:
    lina = sign_in("lina", path="/settings")
    response(lina).fill("Lina's words.")
    lina.get_by_label("Label").first.fill("Furious customer")
    expect(bar(lina)).to_contain_text("Unsaved changes")
    saves(program, "admin", lambda now: replace(now, response="Admin's words.", language="id"))
    bar(lina).get_by_role("button", name="See the difference").click()
    conflict = lina.get_by_test_id("conflict")
    conflict.get_by_role("radio", name="Theirs: Escalation response").check()
    lina.get_by_role("button", name="Merge and go on").click()
    expect(response(lina)).to_have_value("Admin's words.")
    expect(lina.get_by_label("Summary language")).to_have_value("id")
    expect(lina.get_by_label("Label").first).to_have_value("Furious customer")
    saved(lina)
    now = draft(program)
    assert (now.response, now.language) == ("Admin's words.", "id")
    assert now.conditions[0].label == "Furious customer"


def test_who_takes_theirs_sees_theirs(sign_in: SignIn, program: Program) -> None:
    lina = sign_in("lina", path="/settings")
    response(lina).fill("Lina's words.")
    expect(bar(lina)).to_contain_text("Unsaved changes")
    saves(program, "admin", lambda now: replace(now, response="Admin's words."))
    bar(lina).get_by_role("button", name="See the difference").click()
    lina.get_by_role("button", name="Take theirs").click()
    lina.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(response(lina)).to_have_value("Admin's words.")
    expect(bar(lina)).to_contain_text("Draft saved by Admin")
    lina.reload()
    expect(response(lina)).to_have_value("Admin's words.")


def test_who_only_looks_sees_what_others_save_and_publish(
    sign_in: SignIn, program: Program
) -> None:
    lina = sign_in("lina", path="/settings")
    expect(lina.get_by_role("button", name="Publish")).to_be_disabled()
    saves(program, "admin", lambda now: replace(now, response="Admin's words.", language="id"))
    expect(response(lina)).to_have_value("Admin's words.")
    expect(lina.get_by_label("Summary language")).to_have_value("id")
    expect(lina.get_by_role("button", name="Publish")).to_be_enabled()
    number = publishes(program, "admin")
    expect(lina.get_by_test_id("published-version")).to_contain_text(
        f"Version {number} published by Admin"
    )


def test_publishing_shows_what_changes_and_asks_once_more(
    sign_in: SignIn, program: Program
) -> None:
    before = published(program)[0]
    lina = sign_in("lina", path="/settings")
    response(lina).fill("Somebody is on their way.")
    expect(lina.get_by_role("button", name="Publish")).to_have_attribute(
        "title", "Save or discard your changes first"
    )
    saved(lina)
    lina.get_by_role("button", name="Publish").click()
    dialog = lina.get_by_role("dialog")
    expect(dialog.locator('tr[data-field="response"]')).to_contain_text("on their way")
    lina.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert published(program)[0] == before
    lina.get_by_role("button", name="Publish").click()
    assert dialog.evaluate("box => box.contains(document.activeElement)")
    dialog.get_by_role("button", name="Publish").click()
    expect(lina.get_by_test_id("published-version")).to_contain_text(
        re.compile(rf"Version {before + 1} published by Lina (just now|\d+ s ago)")
    )
    assert published(program)[1].response == "Somebody is on their way."
    expect(lina.get_by_test_id("deed").first).to_contain_text(
        f"Lina published version {before + 1}"
    )


def test_a_draft_that_changed_under_the_dialog_is_not_published(
    sign_in: SignIn, program: Program
) -> None:
    saves(program, "lina", lambda now: replace(now, language="fr"))
    before = published(program)
    lina = sign_in("lina", path="/settings")
    lina.get_by_role("button", name="Publish").click()
    expect(lina.get_by_role("dialog")).to_contain_text("Français")
    saves(program, "admin", lambda now: replace(now, language="de"))
    lina.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(lina.get_by_text("Admin saved the settings meanwhile")).to_be_visible()
    assert published(program) == before
    expect(lina.get_by_label("Summary language")).to_have_value("de")


def test_an_earlier_version_is_looked_at_and_restored(sign_in: SignIn, program: Program) -> None:
    saves(program, "lina", lambda now: replace(now, response="The good one."))
    good = publishes(program, "lina")
    saves(program, "lina", lambda now: replace(now, response="The bad one."))
    publishes(program, "lina")
    lina = sign_in("lina", path="/settings")
    version = lina.locator(f'[data-testid="version"][data-number="{good}"]')
    version.get_by_role("button", name="Look").click()
    dialog = lina.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="Contents")).to_contain_text("The good one.")
    expect(dialog.get_by_role("region", name="Contents")).to_contain_text("Supervisor maria")
    expect(dialog.locator('tr[data-field="response"]')).to_contain_text("The bad one.")
    dialog.get_by_role("button", name="Close").click()
    version.get_by_role("button", name="Restore into the draft").click()
    lina.get_by_role("dialog").get_by_role("button", name="Restore").click()
    expect(response(lina)).to_have_value("The good one.")
    assert draft(program).response == "The good one."
    assert published(program)[1].response == "The bad one."
    version.get_by_role("button", name="Look").click()
    expect(dialog).to_contain_text("Nothing would change.")


def test_while_it_is_off_the_other_cards_cannot_be_used(sign_in: SignIn, program: Program) -> None:
    lina = sign_in("lina", path="/settings")
    lina.get_by_text("Escalate conversations to people").click()
    expect(lina.get_by_label("Label").first).to_be_disabled()
    expect(lina.get_by_role("button", name="Add trigger condition")).to_be_disabled()
    saved(lina)
    assert not draft(program).enabled
    lina.reload()
    expect(response(lina)).to_be_disabled()
    lina.get_by_text("Escalate conversations to people").click()
    expect(response(lina)).to_be_enabled()


def test_a_supervisor_is_found_given_a_scope_and_removed(sign_in: SignIn, program: Program) -> None:
    lina = sign_in("lina", path="/settings")
    supervisor(lina, "Omar").get_by_role("button", name="Remove").click()
    expect(lina.get_by_test_id("supervisor")).to_have_count(1)
    search = lina.get_by_label("Find a person")
    search.press_sequentially("lin")
    expect(lina.get_by_text("No supervisor has “lin” in their name.")).to_be_visible()
    search.fill("oma")
    lina.get_by_role("button", name="Add Omar").click()
    expect(search).to_have_value("")
    save(lina)
    omar = supervisor(lina, "Omar")
    expect(omar).to_contain_text("Choose topics and areas, or ALL of them.")
    expect(bar(lina)).to_contain_text("Not saved: 1 field needs another look.")
    omar.get_by_role("button", name="Billing").click()
    omar.get_by_role("group", name="Areas of Omar").get_by_role("button", name="ALL").click()
    saved(lina)
    granted = draft(program).supervisors[1]
    assert (granted.username, granted.topics, granted.areas) == ("omar", ("Billing",), None)


def test_the_secret_is_hidden_shown_renewed_and_never_kept_by_the_browser(sign_in: SignIn) -> None:
    lina = sign_in("lina", path="/settings")
    # The published queue signs with the former one until the next Publish, and both are told.
    secret = lina.get_by_test_id("webhook-secret").first
    lina.get_by_text("Make a new secret…").click()
    renew = lina.get_by_role("button", name="Make a new secret")
    renew.click()
    expect(secret).to_contain_text("whsec_")
    first = secret.inner_text()
    lina.get_by_role("button", name=re.compile("^Copy ?: Signs")).first.click()
    copied = lina.get_by_text(re.compile(r"^Copied\.$|It is selected"))
    expect(copied).to_be_visible()
    renew.click()
    expect(secret).not_to_have_text(first)
    expect(copied).to_have_count(0)
    first = secret.inner_text()
    lina.get_by_role("button", name="Hide").click()
    expect(secret).to_have_count(0)
    response(lina).fill("Typed meanwhile")
    renew.click()
    expect(secret).to_contain_text("whsec_")
    assert secret.inner_text() != first
    expect(response(lina)).to_have_value("Typed meanwhile")
    expect(lina.get_by_test_id("conflict")).to_have_count(0)
    kept = lina.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "whsec_" not in kept
    assert "Typed meanwhile" in kept
    saved(lina)


def test_cases_that_no_supervisor_sees_are_warned_of(sign_in: SignIn, program: Program) -> None:
    lina = sign_in("lina", path="/settings")
    expect(lina.get_by_label("Label").first).to_be_visible()
    expect(lina.get_by_test_id("coverage")).to_have_count(0)
    a_case_arrives(program, topic="Booking", area="Order", queue=Queue.PREVIEW)
    saves(program, "admin", without_maria)
    expect(lina.get_by_test_id("coverage")).to_contain_text(
        re.compile(r"Booking · Order: \d+ cases? seen by no supervisor")
    )
    lina.get_by_role("link", name="Open Preview Queue").click()
    line = lina.get_by_role("link", name="Open the settings")
    expect(line).to_be_visible()
    saves(program, "admin", lambda now: now.granting("maria", EVERYTHING))
    expect(line).to_have_count(0)


def test_over_a_queue_without_detection_lina_reads_why_but_first_that_her_line_is_cut(
    sign_in: SignIn, program: Program, line: TcpProxy
) -> None:
    lina = sign_in("lina", path="/queue/preview")
    why = lina.get_by_text("Escalation is switched off in the preview settings.")
    expect(lina.get_by_text("They are not live operations.")).to_be_visible()
    expect(why).to_have_count(0)
    saves(program, "admin", lambda now: replace(now, enabled=False))
    expect(why).to_be_visible()
    line.cut()
    lina.get_by_role("button", name="Reconnect now").click(trial=True)
    expect(why).to_be_hidden()
    line.restore()
    expect(why).to_be_visible()


def test_omar_is_told_that_the_settings_are_not_his(sign_in: SignIn) -> None:
    omar = sign_in("omar")
    expect(omar.get_by_role("link", name="Settings")).to_have_count(0)
    omar.goto(omar.url.partition("/queue")[0] + "/settings")
    expect(omar.get_by_text("Your role (supervisor) may not change the settings.")).to_be_visible()
    expect(omar.get_by_role("button", name="Save")).to_have_count(0)
    omar.get_by_role("link", name="Go to the queue").click()
    omar.wait_for_url("**/queue/published**")
    expect(omar.get_by_test_id("escalation-row").first).to_be_visible()


def test_while_not_connected_nothing_can_be_saved_and_nothing_typed_is_lost(
    sign_in: SignIn, program: Program, line: TcpProxy
) -> None:
    lina = sign_in("lina", path="/settings")
    response(lina).fill("Typed before the line broke")
    expect(bar(lina)).to_contain_text("Unsaved changes")
    line.cut()
    expect(lina.get_by_role("button", name="Save")).to_be_disabled()
    response(lina).fill("Typed while it was broken")
    lina.wait_for_timeout(500)
    line.restore()
    expect(lina.get_by_role("button", name="Save")).to_be_enabled(timeout=20_000)
    expect(response(lina)).to_have_value("Typed while it was broken")
    save(lina)
    expect(bar(lina)).not_to_contain_text("Unsaved changes")
    assert draft(program).response == "Typed while it was broken"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_it_fits_the_screen(sign_in: SignIn, width: int) -> None:
    lina = sign_in("lina", path="/settings", viewport={"width": width, "height": 844})
    expect(lina.get_by_label("Label").first).to_be_visible()
    assert lina.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def without_maria(now: Configuration) -> Configuration:
    return replace(
        now, supervisors=tuple(one for one in now.supervisors if one.username != "maria")
    )
