"""Origins, as browsers write them: scheme, host, and a port only where it is not the usual one."""

from ipaddress import ip_address

from pydantic import AnyHttpUrl, TypeAdapter, ValidationError

_URL = TypeAdapter(AnyHttpUrl)


def origin_of(written: str) -> str:
    """The origin that was meant, as every browser names it.

    Raises:
        ValueError: It is none, or says more than an origin may.
    """
    if "@" in written:
        raise ValueError("an address that everybody is told holds no name and no password")
    try:
        url = _URL.validate_python(written)
    except ValidationError:
        raise ValueError(
            f"“{written}” is not an address such as https://desk.example.com"
        ) from None
    if url.path not in (None, "/") or url.query is not None or url.fragment is not None:
        raise ValueError(f"“{written}” is more than a host; the desk needs one of its own")
    return str(url).rstrip("/")


def stays_on_the_machine(origin: str) -> bool:
    """Whether nothing that is sent to this origin leaves the machine."""
    host = (_URL.validate_python(origin).host or "").strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
