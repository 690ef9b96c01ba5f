"""From where somebody asks, when proxies that the operator trusts stand between."""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from escalation_app.settings import settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def address_of(request: Request) -> str:
    peer = request.client.host if request.client else ""
    told = request.headers.getlist("x-forwarded-for")
    return client_address(peer, told, settings().trusted_proxies)


def client_address(peer: str, told: Iterable[str], trusted: Collection[Network]) -> str:
    """The last address that no trusted proxy has. Each proxy tells of whoever asked it, at the end.

    What stands before that, or before what is no address, anybody may have written.
    """
    known = _address(peer)
    if known is None:
        return "unknown"
    chain = [entry for line in told for entry in line.split(",")]
    while chain and _is_within(known, trusted):
        entry = _address(chain.pop())
        if entry is None:
            break
        known = entry
    return str(known)


def _is_within(address: Address, networks: Collection[Network]) -> bool:
    return any(address in network for network in networks)


def _address(written: str) -> Address | None:
    """One address in whatever spelling, without its port; so that each has one spelling."""
    try:
        address = ip_address(_without_port(written.strip()))
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _without_port(written: str) -> str:
    if written.startswith("["):
        return written[1:].partition("]")[0]
    return written.partition(":")[0] if written.count(":") == 1 else written
