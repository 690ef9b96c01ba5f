"""An address is recognised in whatever spelling a C library or a browser reads as one."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.addresses import is_own_machine, literal

OWN_MACHINE = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7F.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "0177.0.0x0.1",
    "017700000001",
    "00000000177.0.0.01",
    "１２７.０.０.１",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127｡0．0。1",
    "%31%32%37.0.0.1",
    "127%2e0%2E0.1",
    "127.0.0\u00ad.1",
    "127\u200b.0.0.1",
]
OF_VERSION_SIX = [
    ("::1", "::1"),
    ("[::1]", "::1"),
    ("[0:0:0:0:0:0:0:1]", "::1"),
    ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
    ("[::ffff:7f00:1]", "::ffff:127.0.0.1"),
    ("[::127.0.0.1]", "::127.0.0.1"),
    ("[64:ff9b::10.0.0.5]", "64:ff9b::a00:5"),
    ("[FE80::1%25eth0]", "fe80::1"),
    ("fe80::1%lo", "fe80::1"),
    ("[::１]", "::1"),
]
NO_ADDRESS = [
    "",
    ".",
    "localhost",
    "hooks.example.org",
    "127.0.0.1.example.org",
    "1.2.3.4.5",
    "256.0.0.1",
    "1.2.3.256",
    "1.65536.1",
    "4294967296",
    "08.0.0.1",
    "0x7g.1",
    "+127.0.0.1",
    "1_27.0.0.1",
    "127..1",
    "127.0.0.1..",
    "[::g]",
    "1" * 5_000,
]


@pytest.mark.parametrize("host", OWN_MACHINE)
def test_every_spelling_of_the_own_machine_is_recognised(host: str) -> None:
    assert literal(host) == ip_address("127.0.0.1")


@pytest.mark.parametrize(("host", "address"), OF_VERSION_SIX)
def test_version_six_is_read_with_brackets_zones_and_an_ipv4_tail(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize("host", NO_ADDRESS)
def test_what_only_looks_like_an_address_is_none(host: str) -> None:
    assert literal(host) is None


@given(st.from_regex(r"(0x|0)?[0-9a-f]{1,11}(\.(0x|0)?[0-9a-f]{1,5}){0,3}", fullmatch=True))
def test_numbers_are_read_as_the_c_library_reads_them(host: str) -> None:
    try:
        expected = IPv4Address(socket.inet_aton(host))
    except OSError:
        # A browser takes a bare "0x" for a zero, C takes it for nonsense.
        assert literal(host) is None or "0x" in host
        return
    assert literal(host) == expected


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_the_address_in_every_base(number: int) -> None:
    for host in (str(number), hex(number), f"0{number:o}", str(IPv4Address(number))):
        assert literal(host) == IPv4Address(number)


@given(st.ip_addresses(v=6))
def test_version_six_is_read_however_it_is_written(address: IPv6Address) -> None:
    for host in (str(address), f"[{address.exploded.upper()}]", f"[{address}%25eth0]"):
        assert literal(host) == address


@given(st.text())
def test_whatever_is_written_is_an_address_or_none(host: str) -> None:
    literal(host)
    is_own_machine(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "app.localhost", "ｌocalhost"])
def test_names_of_the_own_machine_are_known_without_looking_up(host: str) -> None:
    assert is_own_machine(host)


@pytest.mark.parametrize("host", ["localhost.example.org", "notlocalhost", "intranet"])
def test_other_names_are_for_the_name_server_to_say(host: str) -> None:
    assert not is_own_machine(host)
