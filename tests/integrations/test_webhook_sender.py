"""One delivery over real TLS: what is sent, what is read, and what a bad receiver gets told."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from ipaddress import ip_network

import httpx
import pytest

from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.integrations.webhooks.answer import READ_LIMIT, Answer
from escalation_app.integrations.webhooks.sender import HttpxSender, make_sender
from tests.servers.ports import free_port
from tests.servers.webhook_answers import TEN_GIGABYTES, Fault
from tests.servers.webhook_certificates import Certificate
from tests.servers.webhook_receiver import WebhookReceiver

OWN_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
HEADERS = {"webhook-id": "msg_1", "content-type": "application/json"}


@pytest.fixture(scope="module")
def running_receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(running_receiver: WebhookReceiver) -> WebhookReceiver:
    running_receiver.forget()
    return running_receiver


@pytest.fixture
def sender(receiver: WebhookReceiver) -> HttpxSender:
    return make_sender(OWN_NETWORKS, receiver.ca_file)


@pytest.fixture
def hasty(receiver: WebhookReceiver) -> HttpxSender:
    return HttpxSender(OWN_NETWORKS, receiver.ca_file, 1.5, connect_seconds=1)


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


@pytest.mark.parametrize("fault", [Fault.DRIP, Fault.HANG])
async def test_a_receiver_that_hangs_or_drips_has_its_time_and_no_more(
    receiver: WebhookReceiver, hasty: HttpxSender, fault: Fault
) -> None:
    receiver.answers("/hook", fault=fault, pause=0.05)
    outcome = await post(hasty, receiver.url("/hook"))
    assert outcome.status is None
    assert outcome.reason == "The receiver did not answer within 1.5 seconds."
    assert outcome.duration_ms >= 1_500


@pytest.mark.parametrize("fault", [Fault.DRIP_BODY, Fault.CUT])
async def test_a_status_that_came_in_time_counts_whatever_the_body_does(
    receiver: WebhookReceiver, hasty: HttpxSender, fault: Fault
) -> None:
    receiver.answers("/good", fault=fault, body=b"drop\n", pause=0.02)
    receiver.answers("/bad", status=500, fault=fault, body=b"drop\n", pause=0.02)
    good, bad = [await post(hasty, receiver.url(path)) for path in ("/good", "/bad")]
    assert (good.status, good.reason, good.first_line) == (200, "", "drop")
    assert (bad.status, bad.first_line) == (500, "drop")
    assert "fault of its own" in bad.reason


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.CLOSE, "The receiver closed the connection without an answer."),
        (Fault.GARBAGE, "The receiver's answer is not HTTP."),
        (Fault.HUGE_HEADERS, "The receiver's answer has headers that are too large."),
    ],
)
async def test_a_receiver_that_does_not_speak_http_is_told_apart(
    receiver: WebhookReceiver, sender: HttpxSender, fault: Fault, sentence: str
) -> None:
    receiver.answers("/hook", fault=fault)
    outcome = await post(sender, receiver.url("/hook"))
    assert (outcome.status, outcome.reason) == (None, sentence)


@pytest.mark.parametrize(
    ("certificate", "sentence"),
    [
        (Certificate.OF_A_STRANGER, "from an authority that the desk does not know"),
        (Certificate.OF_ANOTHER_NAME, "is for another name than localhost."),
        (Certificate.EXPIRED, "The receiver's certificate has expired."),
    ],
)
async def test_a_wrong_certificate_is_named_and_nothing_is_sent(
    receiver: WebhookReceiver, sender: HttpxSender, certificate: Certificate, sentence: str
) -> None:
    outcome = await post(sender, receiver.url(certificate=certificate))
    assert outcome.status is None
    assert sentence in outcome.reason
    assert receiver.requests == []


async def test_without_the_operators_file_its_authority_is_unknown(
    receiver: WebhookReceiver,
) -> None:
    outcome = await post(HttpxSender(OWN_NETWORKS), receiver.url())
    assert "ESCALATION_WEBHOOK_CA_FILE" in outcome.reason


async def test_where_nothing_listens_the_refusal_is_told(sender: HttpxSender) -> None:
    outcome = await post(sender, f"https://localhost:{free_port()}/")
    assert outcome.reason == "The receiver refused the connection: nothing listens at its port."


async def test_a_receiver_that_takes_no_connection_has_its_time_and_no_more(
    hasty: HttpxSender,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        outcome = await post(hasty, f"https://127.0.0.1:{deaf.getsockname()[1]}/")
    assert outcome.reason == "The receiver did not take the connection in time."


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (b"", "The receiver closed the connection before it was secure."),
        (b"HTTP/1.1 400 Bad\r\n\r\n", "The receiver does not speak TLS at this port."),
    ],
)
async def test_a_receiver_without_tls_is_told_apart(
    sender: HttpxSender, said: bytes, sentence: str
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as plain:
        port = plain.sockets[0].getsockname()[1]
        outcome = await post(sender, f"https://localhost:{port}/")
    assert outcome.reason == sentence


@pytest.mark.parametrize(
    "url", ["", "http://localhost/", "https://", "https://[half", "https://a b/", "https://a:b@c/"]
)
async def test_a_url_that_is_none_is_an_outcome_too(sender: HttpxSender, url: str) -> None:
    outcome = await post(sender, url)
    assert outcome.status is None
    assert outcome.reason.startswith("The webhook's URL ")


async def test_a_header_that_can_not_be_sent_is_an_outcome_too(
    receiver: WebhookReceiver, sender: HttpxSender
) -> None:
    for value in ("two\r\nlines", "Zoë", "\ud800"):
        outcome = await sender.send(receiver.url(), {"x-name": value}, b"{}")
        assert outcome.reason == "The request could not be sent."


async def test_no_reason_and_no_log_gives_the_path_or_query_away(
    receiver: WebhookReceiver, sender: HttpxSender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    receiver.answers("/secret-path", status=500)
    said = [
        (await post(sender, url)).reason
        for url in (
            receiver.url("/secret-path?secret-query"),
            receiver.url("/secret-path?secret-query", certificate=Certificate.EXPIRED),
            f"https://localhost:{free_port()}/secret-path?secret-query",
            "https://10.0.0.1/secret-path?secret-query",
            "https://[/secret-path?secret-query",
        )
    ]
    assert "secret" not in " ".join([*said, caplog.text])


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
