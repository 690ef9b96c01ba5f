"""Whoever has left is shut out from the command line, while the desk works."""

import httpx
from playwright.sync_api import Browser, expect

from tests.servers.program import Program

PASSWORD = "as long as it takes"


def test_who_is_shut_out_is_out_of_their_tabs_and_keys_and_comes_in_no_more(
    program: Program, browser: Browser
) -> None:
    program.command("create-user", "nina", "Nina", "supervisor", "--password", PASSWORD)
    bearer = {
        "Authorization": f"Bearer {program.command('create-api-key', 'nina', 'hers').strip()}"
    }
    cases = f"{program.address}/api/v1/escalations?queue=published"
    assert httpx.get(cases, headers=bearer).status_code == 200
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{program.address}/queue/published")

        def signs_in() -> None:
            page.get_by_label("Username").fill("nina")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()

        signs_in()
        page.get_by_text("Connected", exact=True).wait_for()
        said = program.command("shut-out", "Nina")
        assert said.startswith("Nina is shut out: 1 session ended, 1 key revoked.")
        page.wait_for_url("**/login**")
        signs_in()
        expect(page.get_by_role("alert")).to_contain_text("not right")
    assert httpx.get(cases, headers=bearer).status_code == 401
