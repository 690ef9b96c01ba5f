"""Whoever asks through trusted proxies has their own address, and nobody can choose another's."""

from ipaddress import ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from escalation_app.api.client_address import client_address

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
STRANGER = "203.0.113.9"

outside = st.ip_addresses(network="198.51.100.0/24") | st.ip_addresses(network="2001:db8::/32")
inside = st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fd00::/8")
# What a stranger may send: addresses of others and of proxies, lists of them, and anything at all.
forged = st.lists(
    st.text(alphabet=st.characters(codec="latin-1", exclude_characters="\r\n"))
    | st.lists(outside | inside).map(lambda some: ", ".join(map(str, some)))
)


def spelled(address: object, port: int | None) -> str:
    """As proxies write it."""
    if port is None:
        return str(address)
    return f"[{address}]:{port}" if ":" in str(address) else f"{address}:{port}"


@given(
    client=outside,
    lies=forged,
    hops=st.lists(inside, min_size=1, max_size=4),
    port=st.none() | st.integers(0, 65_535),
    in_one_line=st.booleans(),
)
def test_behind_trusted_proxies_it_is_who_asked_the_first_whatever_they_claim(
    client: object, lies: list[str], hops: list[object], port: int | None, in_one_line: bool
) -> None:
    *before, peer = hops
    told = [*lies, spelled(client, port), *(spelled(hop, port) for hop in before)]
    lines = [", ".join(told)] if in_one_line else told
    assert client_address(str(peer), lines, PROXIES) == str(client)


@given(peer=outside, told=forged)
def test_who_asks_without_a_trusted_proxy_is_who_they_are(peer: object, told: list[str]) -> None:
    assert client_address(str(peer), told, PROXIES) == str(peer)


@given(peer=outside | inside, told=forged)
def test_where_no_proxy_is_trusted_nothing_is_believed(peer: object, told: list[str]) -> None:
    assert client_address(str(peer), told, []) == str(peer)


@given(peer=inside, lies=forged, garbage=st.sampled_from(["", "unknown", "_hidden", "1.2.3", "["]))
@example(peer="10.0.0.1", lies=[STRANGER], garbage="unknown")
def test_what_stands_before_no_address_is_not_believed(
    peer: object, lies: list[str], garbage: str
) -> None:
    assert client_address(str(peer), [*lies, garbage], PROXIES) == str(peer)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ([], "10.0.0.1"),
        ([STRANGER], STRANGER),
        (["198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        # Somebody within the proxies' own network asks.
        (["10.0.0.7, 10.0.0.2"], "10.0.0.7"),
        ([f"{STRANGER}:52011"], STRANGER),
        (["[2001:db8::1]:443"], "2001:db8::1"),
        (["2001:DB8:0:0::1"], "2001:db8::1"),
        (["::ffff:203.0.113.9"], STRANGER),
        ([f"198.51.100.1, {STRANGER}"], STRANGER),
        (["198.51.100.1", STRANGER], STRANGER),
    ],
)
def test_one_address_has_one_spelling(told: list[str], address: str) -> None:
    assert client_address("10.0.0.1", told, PROXIES) == address
    assert client_address("::ffff:10.0.0.1", told, PROXIES) == address


def test_a_peer_without_an_address_is_unknown_and_not_believed() -> None:
    assert client_address("", [STRANGER], PROXIES) == "unknown"
