"""Receivers are judged when they are saved, and again whenever something is sent to them."""

from collections.abc import Sequence

from escalation_app.domain.addresses import Address, Network, is_own_machine, reachable
from escalation_app.integrations.webhooks.failures import Undeliverable
from escalation_app.integrations.webhooks.resolving import Lookup, Resolver, system_lookup
from escalation_app.integrations.webhooks.target import Target, target_of

SECONDS_WHEN_SAVED = 3.0
_FOR_OPERATORS = (
    " If it is meant, an operator can open its network with ESCALATION_WEBHOOK_ALLOWED_NETWORKS."
)


class CheckedReceivers:
    def __init__(
        self, allowed_networks: Sequence[Network] = (), lookup: Lookup = system_lookup
    ) -> None:
        self._allowed = tuple(allowed_networks)
        self._resolver = Resolver(lookup)

    async def problem_with(self, url: str) -> str:
        """Why nothing may be sent there; a name that leads nowhere now may do so later."""
        try:
            target = target_of(url)
        except Undeliverable as refusal:
            return str(refusal)
        try:
            found = await self._addresses(target, SECONDS_WHEN_SAVED)
        except Undeliverable:
            return self._of_own_machine(target)
        return self._problem("The webhook's URL", found, _FOR_OPERATORS)

    async def checked_addresses(self, target: Target, seconds: float) -> tuple[Address, ...]:
        """Where to connect for this one request.

        Raises:
            Undeliverable: The name leads nowhere, or to an address that is not open to webhooks.
        """
        found = await self._addresses(target, seconds)
        subject = "The webhook's URL" if target.address else "The receiver's name"
        problem = self._problem(subject, found)
        if problem:
            raise Undeliverable(problem)
        return found

    async def _addresses(self, target: Target, seconds: float) -> tuple[Address, ...]:
        if target.address:
            return (target.address,)
        return await self._resolver.addresses(target.name, target.port, seconds)

    def _problem(self, subject: str, found: Sequence[Address], advice: str = "") -> str:
        """About the first address that is not open: one of several is enough to refuse."""
        for address in found:
            if not reachable(address, self._allowed):
                return f"{subject} leads to {address}, which is not on the public internet.{advice}"
        return ""

    @staticmethod
    def _of_own_machine(target: Target) -> str:
        if not is_own_machine(target.name):
            return ""
        return f"The webhook's URL leads to the desk's own machine.{_FOR_OPERATORS}"
