"""Names become addresses: in threads of their own, few of them, and within a time."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from escalation_app.domain.addresses import Address
from escalation_app.integrations.webhooks.failures import Undeliverable, about_lookup

Lookup = Callable[[str, int], Sequence[Address]]

# A lookup can't be interrupted, so slow ones may only hold up each other.
LOOKUPS_AT_ONCE = 8


def system_lookup(name: str, port: int) -> tuple[Address, ...]:
    """All addresses as the machine knows them, in the order it prefers, each once."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    written = (str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found)
    return tuple(dict.fromkeys(ip_address(text) for text in written))


class Resolver:
    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="webhook-lookup")

    async def addresses(self, name: str, port: int, seconds: float) -> tuple[Address, ...]:
        """All of the name's addresses; at least one.

        Raises:
            Undeliverable: The name is not known, or nobody said so in time.
        """
        asked = asyncio.get_running_loop().run_in_executor(self._threads, self._lookup, name, port)
        try:
            async with asyncio.timeout(seconds):
                found = tuple(await asked)
        except TimeoutError:
            raise Undeliverable(f"The name {name} could not be looked up in time.") from None
        except (OSError, UnicodeError) as error:
            raise Undeliverable(about_lookup(error, name)) from error
        if not found:
            raise Undeliverable(f"The name {name} leads nowhere: no address is known for it.")
        return found
