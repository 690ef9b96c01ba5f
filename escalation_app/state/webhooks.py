"""What a person does about webhooks: try them, send again, switch an endpoint on again."""

import reflex as rx

from escalation_app.domain.people import Permission
from escalation_app.services import webhooks as service
from escalation_app.state.arguments import delivery_number, queue_named
from escalation_app.state.guard import desk, permits, viewer


class WebhooksState(rx.State):
    """The log itself is pushed; here stands what of it this tab wants to see, and what was done."""

    only_failed: bool = False
    said: str = ""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def show_failed(self, only: bool) -> None:
        self.only_failed = bool(only)

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def send_test(self, form: dict[str, str]) -> None:
        """A test event, to the queue that was chosen."""
        queue = queue_named(form.get("queue", ""))
        self.said = ""
        number = await service.send_test(desk(), viewer(), queue)
        self.said = f"Test event {number} is on its way to the {queue.value} queue's endpoint."

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def resend(self, delivery_id: int) -> None:
        self.said = ""
        await service.resend(desk(), viewer(), delivery_number(delivery_id))

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def resend_failed(self, queue: str) -> None:
        """All that failed, of one queue."""
        self.said = ""
        count = await service.resend_failed(desk(), viewer(), queue_named(queue))
        self.said = "1 is sent again." if count == 1 else f"{count} are sent again."

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def switch_on(self, queue: str) -> None:
        self.said = ""
        await service.switch_on(desk(), viewer(), queue_named(queue))
