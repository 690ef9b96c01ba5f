"""Receivers are judged by the address that is connected to, when they are saved and when sent to."""

import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from escalation_app.domain.addresses import Address
from escalation_app.domain.delivery_outcome import Outcome
from escalation_app.integrations.webhooks.resolving import LOOKUPS_AT_ONCE, system_lookup
from escalation_app.integrations.webhooks.sender import HttpxSender
from tests.integrations.conftest import LOOPBACK
from tests.servers.webhook_receiver import WebhookReceiver


class NameServer:
    """Says one list of addresses after the other, the last for ever, and counts the questions."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def __call__(self, name: str, port: int) -> tuple[Address, ...]:
        self.asked.append(name)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return tuple(ip_address(one) for one in answer)


async def post(sender: HttpxSender, url: str) -> Outcome:
    return await sender.send(url, {}, b"{}")


def trusting(receiver: WebhookReceiver, names: NameServer) -> HttpxSender:
    return HttpxSender(LOOPBACK, receiver.ca_file, lookup=names)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "１２７.０.０.１",
        "%31%32%37.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.5",
        "169.254.169.254",
        "[fe80::1%25eth0]",
    ],
)
async def test_a_receiver_inside_is_refused_in_every_spelling(host: str) -> None:
    sender = HttpxSender()
    outcome = await post(sender, f"https://{host}/hook")
    assert "which is not on the public internet." in outcome.reason
    problem = await sender.problem_with(f"https://{host}/hook")
    assert "which is not on the public internet." in problem
    assert "ESCALATION_WEBHOOK_ALLOWED_NETWORKS" in problem


async def test_a_name_that_leads_inside_is_refused_with_the_address() -> None:
    names = NameServer(["10.0.0.5"])
    outcome = await post(HttpxSender(lookup=names), "https://hooks.example.org/hook")
    assert outcome.reason == (
        "The receiver's name leads to 10.0.0.5, which is not on the public internet."
    )


async def test_one_address_inside_among_public_ones_is_enough_to_refuse() -> None:
    names = NameServer(["1.1.1.1", "2606:4700::1111", "192.168.0.7"])
    outcome = await post(HttpxSender(lookup=names), "https://hooks.example.org/")
    assert "leads to 192.168.0.7" in outcome.reason


async def test_the_name_is_looked_up_once_and_that_address_is_connected_to(
    receiver: WebhookReceiver,
) -> None:
    names = NameServer(["127.0.0.1"], ["10.0.0.5"])
    sender = trusting(receiver, names)
    first = await post(sender, receiver.url(host="receiver.test"))
    assert first.succeeded, first.reason
    assert names.asked == ["receiver.test"]
    assert receiver.requests[0].headers["host"] == f"receiver.test:{receiver.port()}"
    second = await post(sender, receiver.url(host="receiver.test"))
    assert "leads to 10.0.0.5" in second.reason
    assert len(receiver.requests) == 1


async def test_what_another_lookup_would_say_is_never_connected_to(
    receiver: WebhookReceiver,
) -> None:
    # The machine's own lookup of localhost would find the receiver; the one judged does not.
    outcome = await post(trusting(receiver, NameServer(["127.0.0.2"])), receiver.url())
    assert "refused the connection" in outcome.reason
    assert receiver.requests == []


async def test_a_name_that_was_good_when_saved_is_judged_again_when_sent_to() -> None:
    sender = HttpxSender(lookup=NameServer(["1.1.1.1"], ["127.0.0.1"]))
    assert await sender.problem_with("https://hooks.example.org/") == ""
    assert "leads to 127.0.0.1" in (await post(sender, "https://hooks.example.org/")).reason


async def test_the_certificate_has_to_name_the_name_and_not_the_address(
    receiver: WebhookReceiver,
) -> None:
    sender = trusting(receiver, NameServer(["127.0.0.1"]))
    outcome = await post(sender, receiver.url(host="other.test"))
    assert outcome.reason == "The receiver's certificate is for another name than other.test."


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "RECEIVER.TEST.", "ｒeceiver.test"])
async def test_a_receiver_is_reached_by_number_and_by_any_spelling_of_its_name(
    receiver: WebhookReceiver, host: str
) -> None:
    outcome = await post(trusting(receiver, NameServer(["127.0.0.1"])), receiver.url(host=host))
    assert outcome.succeeded, outcome.reason


async def test_where_the_preferred_kind_of_address_has_no_line_the_other_is_tried(
    receiver: WebhookReceiver,
) -> None:
    sender = trusting(receiver, NameServer(["::1", "127.0.0.1"]))
    assert (await post(sender, receiver.url())).succeeded
    assert len(receiver.requests) == 1


async def test_a_name_in_any_script_is_looked_up_as_browsers_do() -> None:
    names = NameServer(["10.0.0.5"])
    for host in ("straße.example", "نامه\u200cای.example", "HOOKS%2eexample"):
        await post(HttpxSender(lookup=names), f"https://{host}/")
    assert names.asked == ["xn--strae-oqa.example", "xn--mgba3gch31f060k.example", "hooks.example"]


async def test_an_opened_network_opens_no_other() -> None:
    sender = HttpxSender([ip_network("10.0.0.0/8")])
    assert await sender.problem_with("https://10.0.0.5/") == ""
    assert "127.0.0.1" in await sender.problem_with("https://127.0.0.1/")
    assert "is not on the public" in await sender.problem_with("https://[::ffff:10.0.0.5]/")


async def test_a_name_that_leads_nowhere_now_may_be_saved_but_not_delivered_to() -> None:
    sender = HttpxSender(lookup=NameServer([]))
    assert await sender.problem_with("https://later.example.org/") == ""
    assert (await post(sender, "https://later.example.org/")).reason == (
        "The name later.example.org leads nowhere: no address is known for it."
    )


async def test_the_own_machine_is_known_by_name_without_a_name_server() -> None:
    problem = await HttpxSender(lookup=NameServer([])).problem_with("https://app.localhost/")
    assert problem.startswith("The webhook's URL leads to the desk's own machine.")


async def test_a_name_too_long_for_any_name_server_leads_nowhere() -> None:
    outcome = await post(HttpxSender(lookup=system_lookup), f"https://{'a' * 70}.example/")
    assert "leads nowhere" in outcome.reason


async def test_a_name_server_that_is_away_is_told_apart() -> None:
    def away(name: str, port: int) -> tuple[Address, ...]:
        raise socket.gaierror(socket.EAI_AGAIN, "away")

    outcome = await post(HttpxSender(lookup=away), "https://hooks.example.org/")
    assert outcome.reason == (
        "The name hooks.example.org could not be looked up: no name server answered."
    )


async def test_a_lookup_that_hangs_has_its_time_and_no_more() -> None:
    over = threading.Event()

    def hang(name: str, port: int) -> tuple[Address, ...]:
        over.wait(30)
        return ()

    sender = HttpxSender(lookup=hang, connect_seconds=0.2)
    for _ in range(LOOKUPS_AT_ONCE + 1):
        outcome = await post(sender, "https://hooks.example.org/")
        assert outcome.reason == "The name hooks.example.org could not be looked up in time."
    over.set()


def test_the_machines_own_lookup_gives_each_address_once() -> None:
    found = system_lookup("localhost", 443)
    assert ip_address("127.0.0.1") in found
    assert len(found) == len(set(found))
