"""One attempt at a delivery: look up, judge, connect to what was judged, send, read a little.

httpx's transport and not its client: it knows no redirects, cookies, proxies or environment,
and writes no URL into a log.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from pathlib import Path

import httpx

from escalation_app.domain.addresses import Address, Network
from escalation_app.domain.delivery_outcome import Outcome, sentence_for
from escalation_app.integrations.webhooks.answer import Answer
from escalation_app.integrations.webhooks.failures import Undeliverable, is_of_tls, sentence_about
from escalation_app.integrations.webhooks.receivers import CheckedReceivers
from escalation_app.integrations.webhooks.resolving import Lookup, system_lookup
from escalation_app.integrations.webhooks.target import Target, target_of
from escalation_app.integrations.webhooks.tls import tls_context

log = logging.getLogger(__name__)

DEADLINE_SECONDS = 15.0
CONNECT_SECONDS = 5.0
NO_KEPT_LINES = httpx.Limits(max_connections=1, max_keepalive_connections=0)


class HttpxSender:
    """Fills the ports `WebhookSender` and `Receivers`."""

    def __init__(
        self,
        allowed_networks: Sequence[Network] = (),
        ca_file: Path | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._receivers = CheckedReceivers(allowed_networks, lookup)
        self._tls = tls_context(ca_file)
        self._deadline = deadline_seconds
        self._connect = connect_seconds

    async def problem_with(self, url: str) -> str:
        return await self._receivers.problem_with(url)

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """The status decides: what happens to the answer's body after it changes nothing."""
        began, answer = time.monotonic(), Answer()
        reason = await self._reason_for_no_answer(url, headers, body, answer)
        return Outcome(
            status=answer.status,
            reason=reason if answer.status is None else sentence_for(answer.status),
            first_line=answer.first_line,
            duration_ms=round((time.monotonic() - began) * 1000),
            retry_after=answer.retry_after,
        )

    async def _reason_for_no_answer(
        self, url: str, headers: Mapping[str, str], body: bytes, answer: Answer
    ) -> str:
        try:
            target = target_of(url)
        except Undeliverable as refusal:
            return str(refusal)
        try:
            async with asyncio.timeout(self._deadline):
                await self._deliver(target, headers, body, answer)
        except TimeoutError:
            return f"The receiver did not answer within {self._deadline:g} seconds."
        except Undeliverable as refusal:
            return str(refusal)
        except Exception as error:
            if not isinstance(error, httpx.TransportError | ssl.SSLError):
                # Only its kind: its text might hold the URL.
                log.warning("a delivery failed unforeseen: %s", type(error).__name__)
            return sentence_about(error, target.name)
        return ""

    async def _deliver(
        self, target: Target, headers: Mapping[str, str], body: bytes, answer: Answer
    ) -> None:
        found = await self._receivers.checked_addresses(target, self._connect)
        addresses = one_of_each_family(found)
        for number, address in enumerate(addresses, 1):
            request = self._request(target, address, headers, body)
            try:
                return await self._exchange(request, answer)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                # Nothing was sent yet, so the other family may be tried.
                if number == len(addresses) or is_of_tls(error):
                    raise

    async def _exchange(self, request: httpx.Request, answer: Answer) -> None:
        # A transport of its own for each: no line is kept, and none waits for another.
        async with httpx.AsyncHTTPTransport(
            verify=self._tls, trust_env=False, limits=NO_KEPT_LINES
        ) as transport:
            response = await transport.handle_async_request(request)
            try:
                await answer.read(response)
            finally:
                await response.aclose()

    def _request(
        self, target: Target, address: Address, headers: Mapping[str, str], body: bytes
    ) -> httpx.Request:
        own = {
            "host": target.host_header,
            "user-agent": "escalation-desk",
            "accept-encoding": "identity",
            "connection": "close",
        }
        kept = {name: value for name, value in headers.items() if name.lower() not in own}
        return httpx.Request(
            "POST",
            target.url_at(address),
            headers=own | kept,
            content=body,
            # The certificate is checked against the name, although the address is connected to.
            extensions={
                "sni_hostname": target.name,
                "timeout": {"connect": self._connect},
            },
        )


def one_of_each_family(found: Sequence[Address]) -> tuple[Address, ...]:
    """The preferred address, and the first of the other kind in case its kind has no line here."""
    first = found[0]
    other = [one for one in found if isinstance(one, IPv4Address) != isinstance(first, IPv4Address)]
    return (first, *other[:1])


def make_sender(allowed_networks: Sequence[Network], ca_file: Path | None) -> HttpxSender:
    return HttpxSender(allowed_networks, ca_file)
