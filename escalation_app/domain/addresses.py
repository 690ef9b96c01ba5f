"""Which addresses are on the public internet, by an explicit list, and which hosts are addresses.

`ipaddress.is_global` follows the registries' column "globally reachable", which is true of relays
and translators too (6to4, NAT64, AS112): behind those may be anything.
"""

import re
import unicodedata
from collections.abc import Sequence
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)
from urllib.parse import unquote

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's registries of special-purpose addresses, multicast, and what they don't name.
_SPECIAL = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a carrier's customers",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "the platform of a cloud (Azure), seen from its machines",
    "169.254.0.0/16": "link-local, and the metadata of clouds",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "AMT relays",
    "192.88.99.0/24": "6to4 relays",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarks",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved, and broadcast",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::/96": "IPv4-compatible",
    "::ffff:0:0/96": "IPv4-mapped",
    "::ffff:0:0:0/96": "IPv4-translated",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64 of a site",
    "100::/64": "discarded",
    "100:0:0:1::/64": "dummy",
    "2001::/23": "protocol assignments, Teredo among them",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112",
    "3ffe::/16": "the former 6bone",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
SPECIAL_NETWORKS: tuple[Network, ...] = tuple(ip_network(network) for network in _SPECIAL)
# Of IPv6 only this part is given out; what is outside is special even without a name.
_GIVEN_OUT = IPv6Network("2000::/3")

# Characters that names may hold but that count for nothing: soft hyphen, joiners, selectors.
_IGNORED = re.compile("[\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060\u2064\ufe00-\ufe0f\ufeff]")
_FULL_STOPS = re.compile("[\u3002\uff0e\uff61]")
_NUMBER = re.compile(r"0x(?P<hex>[0-9a-f]*)|0(?P<octal>[0-7]*)|(?P<decimal>[1-9][0-9]*)")


def reachable(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether a webhook may go there: the address is public, or in a network that was opened."""
    return is_public(address) or any(address in network for network in allowed)


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT:
        return False
    return not any(address in network for network in SPECIAL_NETWORKS)


def literal(host: str) -> Address | None:
    """The address that the host is for a C library or a browser, or None.

    2130706433, 0x7f.1, 0177.0.0.1, 127.1, ①②⑦.0.0.1, %3127.0.0.1, [::1%25lo], …
    """
    plain = plain_host(host)
    if ":" in plain:
        return _ipv6(plain.removeprefix("[").removesuffix("]"))
    return _ipv4(plain.removesuffix("."))


def is_own_machine(host: str) -> bool:
    """Whether the name means the machine that looks it up, whatever a name server says."""
    name = plain_host(host).removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def plain_host(host: str) -> str:
    """As names are compared: decoded, in small letters, full-width characters as plain ones."""
    visible = _IGNORED.sub("", unquote(host))
    return _FULL_STOPS.sub(".", unicodedata.normalize("NFKC", visible)).lower()


def _ipv6(text: str) -> Address | None:
    try:
        # A zone says through which interface, not which address.
        return IPv6Address(text.partition("%")[0])
    except AddressValueError:
        return None


def _ipv4(text: str) -> Address | None:
    numbers = [_number(part) for part in text.split(".")]
    if len(numbers) > 4 or None in numbers:
        return None
    *leading, last = (number for number in numbers if number is not None)
    if any(number > 255 for number in leading) or last >= 256 ** (4 - len(leading)):
        return None
    # The last number fills what the others leave.
    return IPv4Address(
        last + sum(number * 256 ** (3 - place) for place, number in enumerate(leading))
    )


def _number(part: str) -> int | None:
    if len(part) > 4_000 or not (found := _NUMBER.fullmatch(part)):
        return None
    if found["hex"] is not None:
        return int(found["hex"] or "0", 16)
    if found["octal"] is not None:
        return int(found["octal"] or "0", 8)
    return int(found["decimal"])
