"""The address that a host is, in whatever spelling a C library or a browser would read as one."""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote

from escalation_app.domain.addresses import Address

# Characters that names may hold but that count for nothing: soft hyphen, joiners, selectors.
_IGNORED = re.compile("[\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060\u2064\ufe00-\ufe0f\ufeff]")
_FULL_STOPS = re.compile("[\u3002\uff0e\uff61]")
_NUMBER = re.compile(r"0x(?P<hex>[0-9a-f]*)|0(?P<octal>[0-7]*)|(?P<decimal>[1-9][0-9]*)")


def literal(host: str) -> Address | None:
    """2130706433, 0x7f.1, 0177.0.0.1, 127.1, ①②⑦.0.0.1, %3127.0.0.1, [::1%25lo], … or no address."""
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
