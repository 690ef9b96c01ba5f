"""On the way in: typing one's name once, and not at all who is signed in; and no page beside the pages."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives
from tests.servers.program import Program


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_a_wrong_password_does_not_cost_the_name(stranger: Page, program: Program) -> None:
    stranger.goto(f"{program.address}/queue/published?view=all")
    stranger.get_by_label("Username").fill("maria")
    stranger.get_by_label("Password").fill("not hers")
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    expect(stranger.get_by_role("alert")).to_contain_text("not right")
    expect(stranger.get_by_label("Username")).to_have_value("maria")
    expect(stranger.get_by_label("Password")).to_be_focused()
    expect(stranger.get_by_label("Password")).to_have_value("")
    assert "maria" not in stranger.url
    stranger.keyboard.type("demo")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/queue/published?view=all")


def test_who_comes_to_sign_in_afresh_finds_no_name(stranger: Page, program: Program) -> None:
    stranger.goto(f"{program.address}/login")
    stranger.get_by_label("Username").fill("maria")
    stranger.get_by_label("Password").fill("not hers")
    stranger.get_by_role("button", name="Sign in", exact=True).click()
    expect(stranger.get_by_role("alert")).to_be_visible()
    stranger.goto(f"{program.address}/login")
    expect(stranger.get_by_role("button", name="maria")).to_be_visible()
    expect(stranger.get_by_label("Username")).to_have_value("")


@pytest.mark.parametrize(
    ("asked", "lands"),
    [
        ("/login", "/queue/published"),
        ("/login?next=%2Fqueue%2Fpreview%3Fview%3Dall", "/queue/preview?view=all"),
        ("/login?next=https%3A%2F%2Fevil.example", "/queue/published"),
        ("/login?next=%2Flogin&error=ended", "/queue/published"),
    ],
)
def test_who_is_signed_in_goes_on(
    sign_in: SignIn, program: Program, asked: str, lands: str
) -> None:
    maria = sign_in("maria")
    maria.goto(f"{program.address}{asked}")
    maria.wait_for_url(re.compile(re.escape(f"{program.address}{lands}") + r"(\?view=waiting)?$"))
    expect(maria.get_by_test_id("escalation-list")).to_be_visible()


def test_an_unknown_address_is_said_to_be_one(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    for path in ("/nowhere", "/queue/elsewhere", "/settings/deeper?x=1", "/404"):
        assert httpx.get(f"{program.address}{path}").status_code == 404
        maria.goto(f"{program.address}{path}")
        expect(maria.get_by_role("heading", name="There is no such page")).to_be_visible()
    expect(maria).to_have_title(re.compile("No such page"))
    maria.get_by_role("link", name="Go to the queue").click()
    maria.wait_for_url("**/queue/published**")


def test_a_stranger_finds_the_way_in_from_an_unknown_address(
    stranger: Page, program: Program
) -> None:
    stranger.goto(f"{program.address}/nowhere")
    stranger.get_by_role("link", name="Go to the queue").click()
    expect(stranger.get_by_label("Username")).to_be_visible()


def test_an_address_deep_in_the_desk_still_opens(sign_in: SignIn, program: Program) -> None:
    number = a_case_arrives(program)
    address = f"{program.address}/queue/published?view=all&case={number}"
    maria = sign_in("maria", path=address.removeprefix(program.address))
    expect(maria.get_by_test_id("detail")).to_contain_text(f"#{number}")
    maria.reload()
    expect(maria.get_by_test_id("detail")).to_contain_text(f"#{number}")
    assert httpx.get(f"{program.address}/login").status_code == 200


def test_a_new_sign_in_ends_the_session_that_the_browser_had(program: Program) -> None:
    form = {"username": "maria", "password": "demo"}
    with httpx.Client(base_url=program.address) as browser, httpx.Client() as thief:
        browser.post("/auth/sign-in", data=form)
        [(name, former)] = browser.cookies.items()
        stolen = {"Cookie": f"{name}={former}"}
        page = f"{program.address}/queue/published"
        assert thief.get(page, headers=stolen).status_code == 200
        browser.post("/auth/sign-in", data=form)
        assert browser.cookies[name] != former
        assert thief.get(page, headers=stolen).status_code == 303
        assert browser.get("/queue/published").status_code == 200


def test_a_password_is_hidden_and_may_come_from_a_password_manager(
    stranger: Page, program: Program
) -> None:
    stranger.goto(f"{program.address}/login")
    field = stranger.get_by_label("Password")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("autocomplete", "current-password")
    field.focus()
    stranger.keyboard.insert_text("pasted from elsewhere")
    expect(field).to_have_value("pasted from elsewhere")
