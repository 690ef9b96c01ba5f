"""Lina connects a helpdesk and sees, live, what becomes of each delivery."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update
from sqlmodel import col
from standardwebhooks import Webhook

from escalation_app.domain.delivery import Delivery, DeliveryStatus
from escalation_app.services.desk import Desk
from tests.browser.configuring import the_demo_s_settings_hold
from tests.browser.conftest import SignIn
from tests.browser.events import a_case_arrives, claims
from tests.servers.program import Program
from tests.servers.webhook_receiver import WebhookReceiver

HOOK = "/hook"


@pytest.fixture(autouse=True)
def settings_of_the_demo(program: Program) -> Iterator[None]:
    the_demo_s_settings_hold(program)
    yield
    # The next test's people don't expect a webhook.
    the_demo_s_settings_hold(program)


def switches_on(page: Page, url: str) -> None:
    page.get_by_role("switch", name="Tell another program about cases").check()
    page.get_by_label("URL").fill(url)


def saves(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The preview queue runs on it now.")).to_be_visible()


def publishes(page: Page) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile(r"Version \d+ is published\."))).to_be_visible()


def log(page: Page, what: str) -> Locator:
    return page.locator(f'[data-testid=delivery][data-type="{what}"]').first


def sends_a_test(page: Page, queue: str) -> None:
    page.get_by_label("Test the endpoint of").select_option(queue)
    page.get_by_role("button", name="Send test event").click()


def test_a_test_event_arrives_and_the_secret_on_the_screen_is_the_one_that_signs(
    sign_in: SignIn, receiver: WebhookReceiver
) -> None:
    lina = sign_in("lina", path="/settings")
    switches_on(lina, receiver.url(HOOK))
    saves(lina)
    sends_a_test(lina, "preview")
    expect(log(lina, "webhook.test")).to_have_attribute("data-status", "delivered")
    expect(log(lina, "webhook.test")).to_contain_text("attempt 1, 200,")
    expect(log(lina, "webhook.test")).to_contain_text("thank you")
    lina.get_by_role("button", name="Show", exact=True).click()
    secret = lina.get_by_test_id("webhook-secret").first.inner_text()
    [sent] = receiver.wait_for(1, HOOK)
    told = Webhook(secret).verify(sent.body.decode(), dict(sent.headers))
    assert told["type"] == "webhook.test"


def test_a_helpdesk_follows_the_published_queue_from_the_publishing_on(
    sign_in: SignIn, program: Program, receiver: WebhookReceiver
) -> None:
    lina = sign_in("lina", path="/settings")
    switches_on(lina, receiver.url(HOOK))
    saves(lina)
    a_case_arrives(program)
    publishes(lina)
    case_id = a_case_arrives(program)
    claims(program, "maria", case_id)
    heard = [json.loads(one.body) for one in receiver.wait_for(2, HOOK)]
    assert {one["data"]["escalation"]["id"] for one in heard} == {case_id}
    assert {one["type"] for one in heard} == {"escalation.created", "escalation.claimed"}
    expect(log(lina, "escalation.claimed")).to_have_attribute("data-status", "delivered")
    log(lina, "escalation.claimed").get_by_role("link").click()
    expect(lina).to_have_url(re.compile(rf"/queue/published\?view=all&case={case_id}$"))
    expect(lina.get_by_test_id("detail")).to_be_visible()


def test_an_endpoint_that_is_gone_is_switched_off_and_what_waits_goes_out_when_it_is_on_again(
    sign_in: SignIn, receiver: WebhookReceiver
) -> None:
    lina = sign_in("lina", path="/settings")
    receiver.answers("/gone", status=410, body=b"we moved out")
    switches_on(lina, receiver.url("/gone"))
    saves(lina)
    sends_a_test(lina, "preview")
    endpoint = lina.locator("[data-testid=endpoint][data-queue=preview]")
    expect(endpoint).to_contain_text("the receiver answered 410 Gone")
    expect(log(lina, "webhook.test")).to_contain_text("Paused")
    expect(log(lina, "webhook.test")).to_contain_text("we moved out")
    sends_a_test(lina, "preview")
    refused = re.compile("The webhook of the preview queue was switched off: the receiver answered")
    expect(lina.get_by_text(refused)).to_be_visible()
    receiver.answers("/gone", status=204)
    endpoint.get_by_role("button", name="Switch on again").click()
    expect(endpoint).to_contain_text(receiver.url("/gone"))
    expect(log(lina, "webhook.test")).to_have_attribute("data-status", "delivered")
    first, again = receiver.requests_at("/gone")
    assert first.headers["webhook-id"] == again.headers["webhook-id"]


def test_what_was_given_up_is_found_among_the_failed_and_sent_again(
    sign_in: SignIn, program: Program, receiver: WebhookReceiver
) -> None:
    lina = sign_in("lina", path="/settings")
    receiver.answers("/busy", status=500)
    switches_on(lina, receiver.url("/busy"))
    saves(lina)
    sends_a_test(lina, "preview")
    expect(log(lina, "webhook.test")).to_contain_text("500")
    program.from_outside(the_schedule_runs_out)
    lina.get_by_label("Only failed").check()
    failed = lina.locator("[data-testid=delivery][data-status=failed]").first
    receiver.answers("/busy", status=204)
    failed.get_by_role("button", name=re.compile("Resend")).click()
    lina.get_by_label("Only failed").uncheck()
    expect(log(lina, "webhook.test")).to_have_attribute("data-status", "delivered")


async def the_schedule_runs_out(desk: Desk) -> None:
    """Four days pass for whatever waits."""
    async with desk.changing() as change:
        waiting = update(Delivery).where(col(Delivery.status) == DeliveryStatus.WAITING)
        given_up = {"status": DeliveryStatus.FAILED, "attempts": 10, "next_attempt_at": None}
        await change.session.execute(waiting.values(given_up))


@pytest.mark.parametrize(
    "url", ["https://10.0.0.5/", "https://169.254.169.254/latest", "https://0x0a.1/hook"]
)
def test_an_address_inside_the_site_is_refused_beside_the_field(sign_in: SignIn, url: str) -> None:
    lina = sign_in("lina", path="/settings")
    switches_on(lina, url)
    lina.get_by_role("button", name="Save", exact=True).click()
    expect(lina.get_by_text("which is not on the public internet")).to_be_visible()
    expect(lina.get_by_label("URL")).to_have_value(url)


def test_a_failing_receiver_is_told_in_words_with_when_it_is_tried_next(
    sign_in: SignIn, receiver: WebhookReceiver
) -> None:
    lina = sign_in("lina", path="/settings", viewport={"width": 390, "height": 844})
    receiver.answers("/busy", status=503, body=b"upgrading")
    switches_on(lina, receiver.url("/busy"))
    saves(lina)
    sends_a_test(lina, "preview")
    row = log(lina, "webhook.test")
    expect(row).to_contain_text("The receiver answered 503 (Service Unavailable)")
    expect(row).to_contain_text("next attempt")
    expect(row).to_have_attribute("data-status", "waiting")
    width = lina.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
