"""Single edits of the settings' form. What is wrong in a way that no page sends is refused."""

from typing import Any

import reflex as rx

from escalation_app.domain.configuration_rules import MOST_CONDITIONS
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import without_unstorable
from escalation_app.services import supervisors
from escalation_app.state import settings_fields as fields
from escalation_app.state.browser_events import emptied
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_form import with_condition, without_condition

# Far more than any field takes, so that what is too long stays in sight until it is cut.
LONGEST_EDIT = 10_000


class EditState(rx.State):
    """What one can do to the form. It has no vars: the form stands in SettingsState."""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def edit(self, path: str, value: str) -> None:
        """A field holds something else."""
        if len(value) > LONGEST_EDIT:
            raise InvalidInput("value", f"No field can hold more than {LONGEST_EDIT:,} characters.")
        page = await self._page()
        await page._change(fields.with_text(page._form, path, without_unstorable(value)), path)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def switch(self, name: str, on: bool) -> None:
        page = await self._page()
        # What a switch asks for is judged anew with it.
        asked = "webhook_url" if name == "webhook_enabled" else "response"
        await page._change(fields.with_switch(page._form, name, on), asked)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def add_condition(self) -> None:
        page = await self._page()
        if len(page._form.conditions) >= MOST_CONDITIONS:
            raise InvalidInput(
                "conditions", f"There can be {MOST_CONDITIONS} trigger conditions at the most."
            )
        page.added = f"c{page._form.next_key}"
        await page._change(with_condition(page._form), "conditions")

    @rx.event
    @permits(Permission.CONFIGURE)
    async def remove_condition(self, key: str) -> None:
        page = await self._page()
        await page._change(without_condition(page._form, key), f"conditions.{key}")

    @rx.event
    @permits(Permission.CONFIGURE)
    async def add_tag(self, form: dict[str, Any]) -> Any:
        """Add a topic or an area; what can't be one stays in its field."""
        page, kind = await self._page(), str(form.get("kind"))
        try:
            changed = fields.with_tag(page._form, kind, form.get("tag", ""))
        except InvalidInput as refusal:
            if kind not in fields.LISTS:
                raise
            page.problems = page.problems | {kind: str(refusal)}
            return None
        await page._change(changed, kind)
        return emptied(f"new-{kind}")

    @rx.event
    @permits(Permission.CONFIGURE)
    async def remove_tag(self, kind: str, tag: str) -> None:
        page = await self._page()
        await page._change(fields.without_tag(page._form, kind, tag), kind)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def add_supervisor(self, username: str) -> None:
        """Somebody who was found; they see nothing until topics and areas are chosen."""
        page = await self._page()
        if username not in await supervisors.names(desk(), viewer(), [username]):
            raise InvalidInput("supervisors", "There is nobody of this name.")
        await page._change(fields.with_supervisor(page._form, username), "supervisors")

    @rx.event
    @permits(Permission.CONFIGURE)
    async def remove_supervisor(self, username: str) -> None:
        page = await self._page()
        form = fields.without_supervisor(page._form, username)
        await page._change(form, f"supervisors.{username}")

    @rx.event
    @permits(Permission.CONFIGURE)
    async def toggle_scope(self, username: str, kind: str, tag: str) -> None:
        """A topic or area that a supervisor sees or not; "" is ALL."""
        page = await self._page()
        form = fields.with_scope(page._form, username, kind, tag)
        await page._change(form, f"supervisors.{username}.{kind}")

    async def _page(self) -> SettingsState:
        """Raises InvalidInput before the draft was read: an edit of nothing would be kept."""
        page = await self.get_state(SettingsState)
        if not page.ready:
            raise InvalidInput("event", "The settings are still being read. Please try again.")
        return page
