"""The webhook's secret on the screen: hidden until somebody asks, and never kept by the browser."""

import reflex as rx

from escalation_app.domain.configuration_refusals import NoSecret, SecretUnreadable
from escalation_app.domain.people import Permission
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState


class SecretState(rx.State):
    secret: str = ""
    said: str = ""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def show(self) -> None:
        """The draft's secret, to copy; or in words why there is none."""
        self.said = ""
        try:
            self.secret = await service.reveal_secret(desk(), viewer())
        except (NoSecret, SecretUnreadable) as refusal:
            self.secret, self.said = "", str(refusal)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def hide(self) -> None:
        self.secret, self.said = "", ""

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def renew(self) -> None:
        """Another secret for the draft. What is typed but not saved stays as it is."""
        page = await self.get_state(SettingsState)
        revision = await service.renew_secret(desk(), viewer(), page.revision)
        await page._go_on_from(revision, viewer())
        self.secret = await service.reveal_secret(desk(), viewer())
        self.said = "This is a new secret. Deliveries are signed with it from the next Publish on."
