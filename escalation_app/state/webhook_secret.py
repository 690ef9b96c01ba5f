"""The webhook's secret on the screen: hidden until somebody asks, and never kept by the browser."""

import reflex as rx

from escalation_app.domain.configuration_refusals import NoSecret, SecretUnreadable
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState


class SecretState(rx.State):
    """`preview` and `published` are what these queues sign with, "" while they are hidden."""

    preview: str = ""
    published: str = ""
    said: str = ""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def show(self) -> None:
        """What signs, to copy; or in words why there is none."""
        self.said = ""
        self.preview = await self._revealed(Queue.PREVIEW)
        self.published = await self._revealed(Queue.PUBLISHED)
        if self.preview or self.published:
            self.said = ""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def hide(self) -> None:
        self.preview = self.published = self.said = ""

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def renew(self, form: dict[str, str]) -> None:
        """Another secret for the draft. What is typed but not saved stays as it is."""
        page = await self.get_state(SettingsState)
        overlap = _hours(form.get("overlap"))
        revision = await service.renew_secret(desk(), viewer(), page.revision, overlap)
        await page._go_on_from(revision, viewer())
        self.preview = await self._revealed(Queue.PREVIEW)
        self.published = await self._revealed(Queue.PUBLISHED)
        self.said = "The preview queue signs with a new secret now, the published one from the next Publish on."

    async def _revealed(self, queue: Queue) -> str:
        try:
            return await service.reveal_secret(desk(), viewer(), queue)
        except (NoSecret, SecretUnreadable) as refusal:
            self.said = str(refusal)
            return ""


def _hours(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise InvalidInput("overlap_hours", "Please choose how long both shall sign.") from None
