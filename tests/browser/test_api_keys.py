"""An admin gives a program its key and takes it back."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.servers.program import Program


def make(page: Page, username: str, label: str) -> None:
    page.get_by_label("Whose key").select_option(username)
    page.get_by_label("Label", exact=True).fill(label)
    page.get_by_role("button", name="Make a key").click()


def shown(page: Page) -> Locator:
    return page.get_by_test_id("new-key-secret")


def row(page: Page, label: str) -> Locator:
    return page.get_by_test_id("api-key").filter(has_text=label)


def ask(program: Program, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    url = f"{program.address}/api/v1/escalations"
    return httpx.get(url, params={"queue": "published"}, headers=headers).status_code


def test_a_key_is_made_used_and_revoked(sign_in: SignIn, program: Program) -> None:
    admin = sign_in("admin", path="/keys")
    make(admin, "maria", "Her dashboard")
    secret = shown(admin).inner_text()
    expect(row(admin, "Her dashboard")).to_contain_text("never")
    expect(admin.get_by_label("Label", exact=True)).to_have_value("")
    assert ask(program, secret) == 200
    expect(row(admin, "Her dashboard")).not_to_contain_text("never")
    row(admin, "Her dashboard").get_by_role("button", name="Revoke “Her dashboard”").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text("Revoke the key “Her dashboard” of Maria?")
    dialog.get_by_role("button", name="Cancel").click()
    assert ask(program, secret) == 200
    row(admin, "Her dashboard").get_by_role("button", name=re.compile("^Revoke")).click()
    dialog.get_by_role("button", name="Revoke", exact=True).click()
    expect(row(admin, "Her dashboard")).to_have_attribute("data-revoked", "true")
    expect(row(admin, "Her dashboard").get_by_role("button")).to_have_count(0)
    assert ask(program, secret) == 401


def test_a_key_is_shown_once_in_one_frame(sign_in: SignIn, program: Program) -> None:
    admin = sign_in("admin")
    frames: list[str] = []
    admin.on("websocket", lambda s: s.on("framereceived", lambda f: frames.append(str(f))))
    admin.goto(f"{program.address}/keys")
    make(admin, "agent", "Shown once")
    secret = shown(admin).inner_text()
    assert len([frame for frame in frames if secret in frame]) == 1
    frames.clear()
    admin.reload()
    expect(row(admin, "Shown once")).to_be_visible()
    expect(shown(admin)).to_have_count(0)
    stores = "JSON.stringify([localStorage, sessionStorage, document.cookie])"
    kept = admin.content() + admin.evaluate(stores) + "".join(frames)
    assert secret not in kept
    assert secret not in program.log.read_text()


def test_a_key_that_was_put_away_is_gone(sign_in: SignIn) -> None:
    admin = sign_in("admin", path="/keys")
    make(admin, "agent", "Put away")
    secret = shown(admin).inner_text()
    admin.get_by_role("button", name="put it away").click()
    expect(shown(admin)).to_have_count(0)
    make(admin, "agent", "Left behind")
    expect(shown(admin)).to_be_visible()
    admin.get_by_role("link", name="Published queue").click()
    admin.wait_for_url("**/queue/published**")
    admin.get_by_role("link", name="API keys").click()
    expect(row(admin, "Left behind")).to_be_visible()
    expect(shown(admin)).to_have_count(0)
    assert secret not in admin.content()


def test_what_is_wrong_is_told_beside_the_field_and_what_was_typed_stays(sign_in: SignIn) -> None:
    admin = sign_in("admin", path="/keys")
    admin.get_by_label("Label", exact=True).fill("Typed already")
    admin.get_by_role("button", name="Make a key").click()
    expect(admin.get_by_text("Please choose whose key it is.")).to_be_visible()
    expect(admin.get_by_label("Whose key")).to_be_focused()
    expect(admin.get_by_label("Label", exact=True)).to_have_value("Typed already")
    expect(row(admin, "Typed already")).to_have_count(0)


def test_another_admin_sees_it_at_once(sign_in: SignIn) -> None:
    one, other = sign_in("admin", path="/keys"), sign_in("admin", path="/keys")
    make(one, "lina", "For both to see")
    expect(row(other, "For both to see")).to_be_visible()
    row(other, "For both to see").get_by_role("button", name=re.compile("^Revoke")).click()
    other.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(row(one, "For both to see")).to_have_attribute("data-revoked", "true")


def test_maria_is_told_that_keys_are_not_hers(sign_in: SignIn) -> None:
    maria = sign_in("maria", path="/keys")
    expect(maria.get_by_role("heading", name="API keys are for admins")).to_be_visible()
    expect(maria.get_by_text("Your role (supervisor) may not manage API keys.")).to_be_visible()
    expect(maria.get_by_role("link", name="API keys")).to_have_count(0)
    expect(maria.get_by_test_id("api-key")).to_have_count(0)


def test_who_signs_in_next_in_the_same_tab_is_sent_no_key_of_the_list(sign_in: SignIn) -> None:
    admin = sign_in("admin", path="/keys")
    make(admin, "agent", "Nobody else's business")
    expect(row(admin, "Nobody else's business")).to_be_visible()
    frames: list[str] = []
    admin.on("websocket", lambda s: s.on("framereceived", lambda f: frames.append(str(f))))
    admin.get_by_role("button", name="Sign out").click()
    admin.get_by_label("Username").fill("maria")
    admin.get_by_label("Password").fill("demo")
    admin.get_by_role("button", name="Sign in", exact=True).click()
    admin.get_by_text("Connected", exact=True).wait_for()
    assert "Nobody else's business" not in "".join(frames)


def test_on_a_phone_the_list_fits(sign_in: SignIn) -> None:
    admin = sign_in("admin", path="/keys", viewport={"width": 390, "height": 844})
    make(admin, "agent", "x" * 120)
    expect(row(admin, "x" * 120)).to_be_visible()
    assert admin.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_documentation_is_one_click_away(sign_in: SignIn, program: Program) -> None:
    admin = sign_in("admin", path="/keys")
    expect(admin.get_by_text(f"{program.address}/api/v1/conversations")).to_be_visible()
    admin.get_by_role("link", name="the API's documentation").click()
    admin.wait_for_url("**/api/docs")
    expect(admin.get_by_text("Escalation desk").first).to_be_visible()
