"""The webhook's secret: shown when somebody asks, in an event that nothing keeps."""

from typing import Any

import reflex as rx

from escalation_app.domain.configuration_refusals import NoSecret, SecretUnreadable
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState
from escalation_app.state.shown_once import hand_webhook_secrets

RENEWED = (
    "The preview queue signs with the new secret now, the published queue from the next Publish on."
)


class SecretState(rx.State):
    said: str = ""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def show(self) -> Any:
        """What each queue signs with, to copy; or in words why there is nothing."""
        self.said = ""
        return await self._hand_over()

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def renew(self, form: dict[str, str]) -> Any:
        """Another secret for the draft. What is typed but not saved stays as it is."""
        overlap = _hours(form.get("overlap"))
        page = await self.get_state(SettingsState)
        revision = await service.renew_secret(desk(), viewer(), page.revision, overlap)
        await page._go_on_from(revision, viewer())
        self.said = RENEWED
        return await self._hand_over()

    async def _hand_over(self) -> Any:
        secrets: dict[str, str] = {}
        for queue in Queue:
            try:
                secrets[queue.value] = await service.reveal_secret(desk(), viewer(), queue)
            except (NoSecret, SecretUnreadable) as refusal:
                why_not = str(refusal)
        if secrets:
            return hand_webhook_secrets(secrets)
        self.said = why_not
        return None


def _hours(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise InvalidInput("overlap_hours", "Please choose how long both shall sign.") from None
