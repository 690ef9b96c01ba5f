"""People at work, in a real browser against the real program."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlmodel import col

from escalation_app.domain.escalation import Escalation
from escalation_app.domain.vocabulary import Urgency
from escalation_app.services.desk import Desk
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives, claims
from tests.servers.program import Program
from tests.servers.tcp_proxy import TcpProxy


def rows(page: Page):
    return page.get_by_test_id("escalation-row")


def open_first_waiting(page: Page) -> str:
    row = rows(page).first
    number = row.get_attribute("data-id") or ""
    row.click()
    expect(page.get_by_test_id("detail")).to_contain_text(f"#{number}")
    return number


def test_maria_works_a_case_while_another_maria_watches(sign_in: SignIn) -> None:
    maria, admin = sign_in("maria"), sign_in("admin")
    number = open_first_waiting(maria)
    expect(admin.locator(f'[data-testid="escalation-row"][data-id="{number}"]')).to_be_visible()
    maria.get_by_role("button", name="Claim").click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Claimed by you")
    expect(admin.locator(f'[data-testid="escalation-row"][data-id="{number}"]')).to_have_count(0)
    admin.goto(re.sub(r"\?.*", "", admin.url) + f"?view=all&case={number}")
    expect(admin.get_by_test_id("detail")).to_contain_text("Claimed by Maria")
    maria.get_by_label("What happened").fill("Charged twice")
    maria.get_by_label("What was done").fill("Refunded")
    maria.get_by_role("button", name="Complete", exact=True).click()
    expect(maria.get_by_test_id("detail")).to_contain_text("Completed by Maria")
    expect(admin.get_by_test_id("detail")).to_contain_text("Completed by Maria")
    expect(admin.locator('[data-testid="timeline-entry"][data-kind="completed"]')).to_be_visible()


def test_a_case_past_its_target_turns_red_and_says_so_once_without_a_reload(
    sign_in: SignIn, program: Program
) -> None:
    maria = sign_in("maria", "/queue/published?view=waiting&urgency=low")
    number = open_first_waiting(maria)
    pane = maria.get_by_test_id("detail")
    maria.get_by_role("button", name="Claim").click()
    expect(pane).to_contain_text("Claimed by you")
    program.from_outside(lambda desk: _let_it_be_due(desk, int(number)))
    told = maria.locator('[data-testid="timeline-entry"][data-kind="overdue"]')
    expect(told.last).to_contain_text("Past its response target while in progress")
    expect(pane.locator(".due")).to_have_attribute("data-state", "over")
    maria.get_by_role("link", name=re.compile("^Mine")).click()
    row = maria.locator(f'[data-testid="escalation-row"][data-id="{number}"]')
    expect(row.locator(".due")).to_have_attribute("data-state", "over")
    count = told.count()
    maria.wait_for_timeout(6_000)
    assert told.count() == count
    maria.get_by_role("button", name="Release").click()
    expect(pane).to_contain_text("Released by Maria")


async def _let_it_be_due(desk: Desk, number: int) -> None:
    async with desk.database.transaction() as session:
        await session.execute(
            update(Escalation).where(col(Escalation.id) == number).values(due_at=desk.clock())
        )


def test_the_count_agrees_with_the_list_and_the_address_with_the_screen(sign_in: SignIn) -> None:
    maria = sign_in("maria")
    maria.get_by_label("Urgency").select_option("high")
    expect(maria).to_have_url(re.compile("urgency=high"))
    expect(maria.locator('[data-urgency="critical"][data-testid="escalation-row"]')).to_have_count(
        0
    )
    waiting = int(maria.get_by_role("link", name=re.compile(r"^Waiting")).inner_text().split()[-1])
    expect(rows(maria)).to_have_count(waiting)
    shown = [row.get_attribute("data-id") for row in rows(maria).all()]
    maria.reload()
    expect(rows(maria)).to_have_count(waiting)
    assert [row.get_attribute("data-id") for row in rows(maria).all()] == shown
    maria.get_by_role("button", name="Reset filters").click()
    expect(maria).not_to_have_url(re.compile("urgency"))


def test_omar_sees_no_case_outside_his_scope_in_any_frame(
    sign_in: SignIn, program: Program
) -> None:
    frames: list[str] = []
    omar = sign_in("omar")
    omar.on("websocket", lambda socket: socket.on("framereceived", lambda f: frames.append(str(f))))
    omar.goto(f"{program.address}/queue/published?view=all")
    expect(rows(omar).first).to_be_visible()
    program.command("simulate", "--rate", "20", "--seconds", "2")
    omar.wait_for_timeout(2_500)
    told = "".join(frames)
    assert "Refund" in told
    for topic in ("Booking", "Complaint", "Technical", "Account"):
        assert f'"topic":"{topic}"' not in told


def test_a_half_written_note_survives_a_reload(sign_in: SignIn) -> None:
    maria = sign_in("maria")
    open_first_waiting(maria)
    maria.get_by_role("button", name="Claim").click()
    maria.get_by_label("What happened").fill("Half a th")
    maria.reload()
    expect(maria.get_by_label("What happened")).to_have_value("Half a th")
    maria.get_by_role("button", name="Release").click()
    expect(maria.get_by_role("button", name="Claim")).to_be_visible()


def test_on_a_narrow_screen_the_case_is_a_drawer(sign_in: SignIn) -> None:
    maria = sign_in("maria", viewport={"width": 390, "height": 844})
    expect(maria.get_by_role("dialog")).to_have_count(0)
    open_first_waiting(maria)
    expect(maria.get_by_role("dialog")).to_be_visible()
    maria.keyboard.press("Escape")
    expect(maria.get_by_role("dialog")).to_have_count(0)
    overflow = maria.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_who_opens_a_case_with_the_keyboard_goes_on_inside_it(sign_in: SignIn) -> None:
    maria = sign_in("maria")
    rows(maria).first.focus()
    for row in (1, 2):
        maria.keyboard.press("ArrowDown")
        number = rows(maria).nth(row).get_attribute("data-id")
        maria.keyboard.press("Enter")
        name = maria.get_by_test_id("detail").get_by_role("heading", level=1)
        expect(name).to_contain_text(f"#{number}")
        expect(name).to_be_focused()
        rows(maria).nth(row).focus()


def test_on_a_narrow_screen_the_way_to_the_resolution_stays_in_the_case(
    sign_in: SignIn, program: Program
) -> None:
    number = a_case_arrives(program)
    claims(program, "maria", number)
    path = f"/queue/published?view=mine&case={number}"
    maria = sign_in("maria", path=path, viewport={"width": 390, "height": 844})
    maria.get_by_role("button", name="Go to the resolution").click()
    expect(maria.get_by_label("What happened")).to_be_focused()
    expect(maria.get_by_label("What happened")).to_be_in_viewport()
    expect(maria).to_have_url(re.compile(f"case={number}$"))


def test_new_cases_wait_while_the_pointer_is_on_the_list(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria", path="/queue/published?view=all")
    rows(maria).first.hover()
    before = rows(maria).first.get_attribute("data-id")
    program.command("simulate", "--rate", "20", "--seconds", "1")
    held = maria.get_by_role("button", name=re.compile(r"^\d+ new"))
    expect(held).to_be_visible()
    assert rows(maria).first.get_attribute("data-id") == before
    held.click()
    expect(rows(maria).first).not_to_have_attribute("data-id", before or "")


def test_preview_and_published_do_not_mix(sign_in: SignIn) -> None:
    lina = sign_in("lina", path="/queue/preview?view=all")
    expect(lina.get_by_text("not live operations")).to_be_visible()
    expect(rows(lina).first).to_be_visible()
    preview = {row.get_attribute("data-id") for row in rows(lina).all()}
    lina.get_by_role("link", name="Published queue").click()
    lina.wait_for_url("**/queue/published**")
    expect(lina.get_by_text("not live operations")).to_have_count(0)
    expect(rows(lina).first).to_be_visible()
    assert not preview & {row.get_attribute("data-id") for row in rows(lina).all()}
    expect(lina.get_by_role("button", name="Claim")).to_have_count(0)


def test_what_does_not_exist_is_said_and_the_list_stays(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    maria.goto(f"{program.address}/queue/published?status=asleep&case=999999")
    expect(maria.get_by_text("No such case")).to_be_visible()
    expect(maria.get_by_text("Unknown status “asleep” was left out.")).to_be_visible()
    expect(rows(maria).first).to_be_visible()


def test_who_signs_in_at_once_lands_where_they_wanted_to_go(
    sign_in: SignIn, program: Program
) -> None:
    wanted = "/queue/published?view=all&urgency=high"
    assert sign_in("maria", path=wanted).url == f"{program.address}{wanted}"


def test_signing_out_ends_the_other_tab(sign_in: SignIn) -> None:
    maria = sign_in("maria")
    other = maria.context.new_page()
    other.goto(maria.url)
    expect(rows(other).first).to_be_visible()
    maria.get_by_role("button", name="Sign out").click()
    maria.wait_for_url("**/login**")
    other.wait_for_url("**/login**")
    expect(maria.get_by_role("status")).to_have_text("You are signed out.")
    expect(maria.get_by_role("alert")).to_have_count(0)


def test_typing_a_search_in_two_breaths_loses_no_letter(sign_in: SignIn) -> None:
    maria = sign_in("maria", path="/queue/published?view=all")
    search = maria.get_by_label("Search")
    search.press_sequentially("ref")
    expect(maria).to_have_url(re.compile("q=ref"))
    maria.wait_for_timeout(600)
    maria.keyboard.type("und")
    expect(maria).to_have_url(re.compile("q=refund"))
    expect(search).to_have_value("refund")
    expect(search).to_be_focused()
    maria.get_by_role("button", name="Reset filters").click()
    expect(search).to_have_value("")
    expect(maria).not_to_have_url(re.compile("q="))


def test_who_searches_and_goes_to_the_other_queue_at_once_is_not_pulled_back(
    sign_in: SignIn, line: TcpProxy
) -> None:
    maria = sign_in("maria", path="/queue/published?view=all")
    line.slow_down(0.5)
    maria.get_by_label("Search").fill("charged")
    maria.get_by_role("link", name="Preview queue").click()
    maria.wait_for_url("**/queue/preview**")
    expect(maria.get_by_text("They are not live operations.")).to_be_visible()
    maria.wait_for_timeout(1_500)
    expect(maria).to_have_url(re.compile("/queue/preview"))


def test_a_filter_chosen_while_the_desk_is_slow_outlasts_what_was_remembered(
    sign_in: SignIn, line: TcpProxy
) -> None:
    maria = sign_in("maria", path="/queue/preview?view=all")
    maria.get_by_role("link", name="Published queue").click()
    maria.wait_for_url("**/queue/published")
    expect(maria.get_by_text("Most urgent first, then oldest")).to_be_visible()
    maria.get_by_role("link", name="Preview queue").click()
    maria.wait_for_url("**/queue/preview?view=all")
    line.slow_down(0.5)
    maria.get_by_role("link", name="Published queue").click()
    maria.wait_for_url("**/queue/published")
    # The desk's answer, which leads to what was chosen last, is on its way by now.
    maria.wait_for_timeout(1_500)
    maria.get_by_label("Urgency").select_option("high")
    maria.wait_for_timeout(2_000)
    expect(maria).to_have_url(re.compile("/queue/published.*urgency=high"))


def test_an_admin_who_takes_a_case_away_says_why(sign_in: SignIn, program: Program) -> None:
    number = a_case_arrives(program)
    claims(program, "maria", number)
    admin = sign_in("admin", path=f"/queue/published?view=all&case={number}")
    release = admin.get_by_role("button", name="Release")
    admin.get_by_label("Note").fill("  ")
    release.click()
    admin.wait_for_timeout(500)
    expect(admin.get_by_test_id("detail")).to_contain_text("Claimed by Maria")
    assert not admin.get_by_label("Note").evaluate("area => area.checkValidity()")
    admin.get_by_label("Note").fill("Maria is ill.")
    release.click()
    expect(admin.get_by_test_id("detail")).to_contain_text("Released by Admin")
    expect(admin.get_by_test_id("detail")).to_contain_text("Maria is ill.")


def test_who_gives_back_their_own_case_need_not_say_why(sign_in: SignIn, program: Program) -> None:
    number = a_case_arrives(program)
    claims(program, "admin", number)
    admin = sign_in("admin", path=f"/queue/published?view=all&case={number}")
    admin.get_by_role("button", name="Release").click()
    expect(admin.get_by_test_id("detail")).to_contain_text("Released by Admin")


def test_a_case_that_is_not_in_the_list_says_so_and_leads_to_its_list(
    sign_in: SignIn, program: Program
) -> None:
    number = a_case_arrives(program, topic="Billing", urgency=Urgency.LOW)
    maria = sign_in(
        "maria", path=f"/queue/published?view=waiting&urgency=low&topic=Billing&case={number}"
    )
    detail, elsewhere = maria.get_by_test_id("detail"), maria.get_by_text("Not in this list")
    expect(detail).to_contain_text(f"#{number}")
    expect(elsewhere).to_have_count(0)
    maria.get_by_role("button", name="Claim").click()
    expect(elsewhere).to_be_visible()
    maria.get_by_role("link", name="Show it in its list").click()
    expect(maria).to_have_url(re.compile(rf"view=mine&urgency=low&topic=Billing&case={number}"))
    selected = maria.locator('[data-testid="escalation-row"][aria-current="true"]')
    expect(selected).to_have_attribute("data-id", str(number))
    expect(elsewhere).to_have_count(0)
    maria.get_by_label("Urgency").select_option("high")
    expect(elsewhere).to_be_visible()
    maria.get_by_role("link", name="Show it in its list").click()
    expect(selected).to_have_attribute("data-id", str(number))
    expect(maria).not_to_have_url(re.compile("urgency"))
