"""A webhook's URL taken apart once, so that what is judged is what is connected to."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import unquote, urlsplit

import idna

from escalation_app.domain.addresses import Address, literal
from escalation_app.integrations.webhooks.failures import Undeliverable

HTTPS_PORT = 443
# Underscores are no part of a host's name, but of many a container's.
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")


@dataclass(frozen=True, slots=True)
class Target:
    """`name` is what the certificate has to say; `address` is set where the host is one."""

    name: str
    port: int
    path: str
    address: Address | None

    @property
    def host_header(self) -> str:
        host = bracketed(self.address) if self.address else self.name
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"

    def url_at(self, address: Address) -> str:
        """The same request, to this address and no other."""
        return f"https://{bracketed(address)}:{self.port}{self.path}"


def target_of(url: str) -> Target:
    """Take the URL apart.

    Raises:
        Undeliverable: It is no https URL of a host, or holds a name or password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        address = literal(host)
        name = str(address) if address else _ascii_name(host)
    except (ValueError, UnicodeError):
        raise Undeliverable("The webhook's URL can't be read.") from None
    if parts.scheme != "https":
        raise Undeliverable("The webhook's URL must begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise Undeliverable("The webhook's URL must not contain a name or password.")
    query = f"?{parts.query}" if parts.query else ""
    return Target(name, HTTPS_PORT if port is None else port, (parts.path or "/") + query, address)


def bracketed(address: Address) -> str:
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)


def _ascii_name(host: str) -> str:
    plain = unquote(host).lower()
    name = plain if plain.isascii() else idna.encode(plain, uts46=True).decode()
    if not _NAME.fullmatch(name):
        raise ValueError("no name of a host")
    return name.removesuffix(".")
