"""Bad receivers over real TLS: each is told in a sentence that a person understands."""

import asyncio
import contextlib
import socket
import ssl

import pytest

from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.integrations.webhooks.sender import HttpxSender
from tests.integrations.conftest import LOOPBACK
from tests.servers.ports import free_port
from tests.servers.webhook_answers import Fault
from tests.servers.webhook_certificates import Certificate
from tests.servers.webhook_receiver import WebhookReceiver


async def post(sender: HttpxSender, url: str) -> Outcome:
    return await sender.send(url, {}, b"{}")


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
        (Fault.RESET, "The receiver broke off the connection without an answer."),
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
    outcome = await post(HttpxSender(LOOPBACK), receiver.url())
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


@pytest.mark.filterwarnings("ignore:ssl.OP_NO")
@pytest.mark.parametrize(
    ("demand", "sentence"),
    [
        ("old TLS", "The receiver offers only TLS older than 1.2."),
        ("our certificate", "The receiver asks for a certificate of ours; there is none."),
        ("no cipher of ours", "No secure connection with the receiver came about."),
    ],
)
async def test_a_receiver_that_agrees_on_no_security_is_told_apart(
    receiver: WebhookReceiver, sender: HttpxSender, demand: str, sentence: str
) -> None:
    context = receiver.tls_context()
    if demand == "old TLS":
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    elif demand == "our certificate":
        context.load_verify_locations(receiver.ca_file)
        context.verify_mode = ssl.CERT_REQUIRED
    else:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AECDH-NULL-SHA:@SECLEVEL=0")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        handshake = asyncio.create_task(asyncio.to_thread(shake_hands, listener, context))
        outcome = await post(sender, f"https://127.0.0.1:{listener.getsockname()[1]}/")
        await handshake
    assert outcome.reason == sentence


def shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Blocking, since asyncio's own server ends a failed handshake without saying why."""
    line, _ = listener.accept()
    # A second hold on the line: what the handshake says must arrive before the line ends.
    with line.dup() as held:
        with contextlib.suppress(OSError), context.wrap_socket(line, server_side=True) as safe:
            safe.recv(1_000)
        held.settimeout(10)
        while held.recv(1_000):
            pass


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
