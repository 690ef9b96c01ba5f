"""Which addresses webhooks may reach: all special ranges, their edges, and what lies beside them."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.addresses import (
    SPECIAL_NETWORKS,
    Address,
    Network,
    is_public,
    reachable,
)

# Beside each range, the nearest public address before and after it; "" where that is special too.
RANGES = [
    ("0.0.0.0/8", "", "1.0.0.0"),
    ("10.0.0.0/8", "9.255.255.255", "11.0.0.0"),
    ("100.64.0.0/10", "100.63.255.255", "100.128.0.0"),
    ("127.0.0.0/8", "126.255.255.255", "128.0.0.0"),
    ("168.63.129.16/32", "168.63.129.15", "168.63.129.17"),
    ("169.254.0.0/16", "169.253.255.255", "169.255.0.0"),
    ("172.16.0.0/12", "172.15.255.255", "172.32.0.0"),
    ("192.0.0.0/24", "191.255.255.255", "192.0.1.0"),
    ("192.0.2.0/24", "192.0.1.255", "192.0.3.0"),
    ("192.31.196.0/24", "192.31.195.255", "192.31.197.0"),
    ("192.52.193.0/24", "192.52.192.255", "192.52.194.0"),
    ("192.88.99.0/24", "192.88.98.255", "192.88.100.0"),
    ("192.168.0.0/16", "192.167.255.255", "192.169.0.0"),
    ("192.175.48.0/24", "192.175.47.255", "192.175.49.0"),
    ("198.18.0.0/15", "198.17.255.255", "198.20.0.0"),
    ("198.51.100.0/24", "198.51.99.255", "198.51.101.0"),
    ("203.0.113.0/24", "203.0.112.255", "203.0.114.0"),
    ("224.0.0.0/4", "223.255.255.255", ""),
    ("240.0.0.0/4", "", ""),
    ("::/128", "", ""),
    ("::1/128", "", ""),
    ("::/96", "", ""),
    ("::ffff:0:0/96", "", ""),
    ("::ffff:0:0:0/96", "", ""),
    ("64:ff9b::/96", "", ""),
    ("64:ff9b:1::/48", "", ""),
    ("100::/64", "", ""),
    ("100:0:0:1::/64", "", ""),
    ("2001::/23", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"),
    ("2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"),
    ("2002::/16", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"),
    ("2620:4f:8000::/48", "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::"),
    ("3ffe::/16", "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"),
    ("3fff::/20", "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"),
    ("5f00::/16", "", ""),
    ("fc00::/7", "", ""),
    ("fe80::/10", "", ""),
    ("fec0::/10", "", ""),
    ("ff00::/8", "", ""),
]
# What Python's own opinion, `is_global`, calls public.
MISTAKEN = [
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.175.48.1",
    "224.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2620:4f:8000::1",
    "3ffe::1",
    "ff0e::1",
    "::127.0.0.1",
]

networks = st.sampled_from(SPECIAL_NETWORKS)


def addresses_in(network: Network) -> st.SearchStrategy[Address]:
    first, last = int(network.network_address), int(network.broadcast_address)
    return st.integers(first, last).map(type(network.network_address))


def test_the_table_here_holds_every_range_of_the_list() -> None:
    assert {ip_network(text) for text, _, _ in RANGES} == set(SPECIAL_NETWORKS)


@pytest.mark.parametrize(("text", "before", "after"), RANGES)
def test_a_special_range_is_closed_from_its_first_to_its_last_address(
    text: str, before: str, after: str
) -> None:
    network = ip_network(text)
    assert not is_public(network.network_address)
    assert not is_public(network.broadcast_address)
    for neighbour in filter(None, (before, after)):
        assert is_public(ip_address(neighbour)), neighbour


@pytest.mark.parametrize("text", MISTAKEN)
def test_relays_and_translators_are_not_public_although_they_are_global(text: str) -> None:
    assert not reachable(ip_address(text))


@pytest.mark.parametrize(
    "text",
    ["169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"],
)
def test_the_metadata_of_clouds_is_out_of_reach(text: str) -> None:
    assert not reachable(ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111"])
def test_public_servers_are_reachable(text: str) -> None:
    assert reachable(ip_address(text))


@given(networks.flatmap(addresses_in))
def test_no_address_of_a_special_range_is_reachable(address: Address) -> None:
    assert not reachable(address)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_outside_of_what_is_given_out_no_ipv6_address_is_reachable(address: IPv6Address) -> None:
    if address not in ip_network("2000::/3"):
        assert not reachable(address)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_is_no_more_reachable_in_an_ipv6_dress(address: IPv4Address) -> None:
    for prefix in ("::", "::ffff:", "::ffff:0:", "64:ff9b::"):
        assert not reachable(IPv6Address(f"{prefix}{address}"))
    assert not reachable(IPv6Address(0x2002 << 112 | int(address) << 80))


@given(st.data(), networks)
def test_an_opened_network_opens_exactly_its_own_addresses(
    data: st.DataObject, opened: Network
) -> None:
    assert reachable(data.draw(addresses_in(opened)), [opened])
    other = data.draw(networks.flatmap(addresses_in))
    assert reachable(other, [opened]) == (other in opened)
