"""One delivery over real TLS: what is sent, what is read, and what its answer means."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.integrations.webhooks.answer import READ_LIMIT, Answer
from escalation_app.integrations.webhooks.sender import HttpxSender
from tests.servers.ports import free_port
from tests.servers.webhook_answers import TEN_GIGABYTES, Fault
from tests.servers.webhook_receiver import WebhookReceiver

HEADERS = {"webhook-id": "msg_1", "content-type": "application/json"}


async def post(sender: HttpxSender, url: str, body: bytes = b"{}") -> Outcome:
    return await sender.send(url, HEADERS, body)


async def test_the_body_arrives_as_it_was_signed(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    body = '{"type": "escalation.created", "name": "Zoë 🙂"}'.encode()
    outcome = await post(sender, receiver.url("/hook?token=of-the-customer"), body)
    assert outcome.succeeded
    assert (outcome.status, outcome.reason, outcome.retry_after) == (200, "", None)
    assert outcome.first_line == "thank you"
    [request] = receiver.requests
    assert (request.path, request.body) == ("/hook?token=of-the-customer", body)


async def test_the_request_says_who_sends_it_and_nothing_more(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    await post(sender, receiver.url())
    assert receiver.requests[0].headers == {
        "host": f"localhost:{receiver.port()}",
        "user-agent": "escalation-desk",
        "accept-encoding": "identity",
        "connection": "close",
        "content-length": "2",
        **HEADERS,
    }


async def test_a_header_of_the_caller_does_not_redirect_the_request(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    await sender.send(receiver.url(), {"Host": "elsewhere.example"}, b"{}")
    assert receiver.requests[0].headers["host"] == f"localhost:{receiver.port()}"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_two_hundreds_are_a_success(
    receiver: WebhookReceiver, sender: HttpxSender, status: int
) -> None:
    receiver.answers("/hook", status=status)
    outcome = await post(sender, receiver.url("/hook"))
    assert (outcome.status, outcome.reason) == (status, "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_the_lan_is_not_followed(
    receiver: WebhookReceiver, sender: HttpxSender, status: int
) -> None:
    receiver.answers("/hook", status=status, headers={"Location": receiver.url("/inside")})
    outcome = await post(sender, receiver.url("/hook"))
    assert outcome.status == status
    assert "redirects are not followed" in outcome.reason
    assert [request.path for request in receiver.requests] == ["/hook"]


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 502, 503, 504])
async def test_a_failure_by_status_is_told_with_the_answers_first_line(
    receiver: WebhookReceiver, sender: HttpxSender, status: int
) -> None:
    receiver.answers("/hook", status=status, body=b"\r\n  out of \x1b[31mpaper\nmore\n")
    outcome = await post(sender, receiver.url("/hook"))
    assert outcome.status == status
    assert outcome.reason.startswith(f"The receiver answered {status} ")
    assert outcome.first_line == "out of [31mpaper"


async def test_a_receiver_that_asks_for_time_is_heard(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    receiver.answers("/hook", status=429, headers={"Retry-After": "120"})
    outcome = await post(sender, receiver.url("/hook"))
    assert outcome.asks_to_slow_down
    assert outcome.retry_after == timedelta(minutes=2)


async def test_a_cookie_is_forgotten_at_once(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    receiver.answers("/hook", headers={"Set-Cookie": "who=you; Path=/"})
    for _ in range(2):
        await post(sender, receiver.url("/hook"))
    assert [request.headers.get("cookie") for request in receiver.requests] == [None, None]


async def test_a_proxy_of_the_environment_sees_nothing(
    receiver: WebhookReceiver, sender: HttpxSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert (await post(sender, receiver.url())).succeeded


async def test_of_a_long_answer_only_the_start_is_read(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    receiver.answers("/hook", fault=Fault.TEN_GIGABYTES)
    outcome = await post(sender, receiver.url("/hook"))
    assert (outcome.succeeded, outcome.first_line) == (True, "much")
    # What lies in the buffers on the way was sent too, but was not taken.
    assert receiver.sent_bytes < 50_000_000 < TEN_GIGABYTES


async def test_no_more_than_the_limit_is_kept_of_an_answer() -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (READ_LIMIT - 1)

    answer = Answer()
    await answer.read(httpx.Response(200, content=body()))
    assert len(answer.start) == READ_LIMIT
    assert answer.first_line == "x" * 200


async def test_a_compressed_answer_is_not_unpacked(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    receiver.answers("/hook", headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8b no gzip")
    outcome = await post(sender, receiver.url("/hook"))
    assert (outcome.succeeded, outcome.first_line) == (True, "")


@pytest.mark.parametrize("status", [304, 599, 999])
async def test_a_status_that_makes_no_sense_is_a_failure(
    receiver: WebhookReceiver, sender: HttpxSender, status: int
) -> None:
    receiver.answers("/hook", status=status)
    outcome = await post(sender, receiver.url("/hook"))
    assert (outcome.status, outcome.succeeded) == (status, False)
    assert outcome.reason.startswith(f"The receiver answered {status}")


async def test_a_desk_in_another_process_is_pointed_here_by_its_environment(
    receiver: WebhookReceiver,
) -> None:
    receiver.answers("/hook", status=503, times=2)
    program = """
import asyncio, sys
from escalation_app.integrations.webhooks.sender import make_sender
from escalation_app.settings import settings
sender = make_sender(settings().webhook_allowed_networks, settings().webhook_ca_file)
for _ in range(3):
    print(asyncio.run(sender.send(sys.argv[1], {}, b"{}")).status)
"""
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, receiver.url("/hook", host="127.0.0.1")),
        env={**os.environ, **receiver.environment},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await desk.communicate()
    assert said.split() == [b"503", b"503", b"200"]
    assert len(receiver.wait_for(3, "/hook")) == 3


async def test_a_cancelled_delivery_ends_at_once(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    receiver.answers("/hook", fault=Fault.HANG)
    delivery = asyncio.create_task(post(sender, receiver.url("/hook")))
    await asyncio.to_thread(receiver.wait_for, 1, "/hook")
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery


async def test_a_hanging_receiver_holds_up_no_other(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    receiver.answers("/hangs", fault=Fault.HANG)
    hanging = [asyncio.create_task(post(sender, receiver.url("/hangs"))) for _ in range(20)]
    await asyncio.to_thread(receiver.wait_for, 20, "/hangs")
    assert (await post(sender, receiver.url())).succeeded
    assert not any(one.done() for one in hanging)
    for one in hanging:
        one.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)
