"""Two people edit at once: what differs, and which of the two holds."""

import reflex as rx

from escalation_app.domain.differences import differences
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import InvalidInput
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_form import bundle_of


class ConflictState(rx.State):
    """It has no vars: what differs stands in SettingsState. Theirs is taken by discarding mine."""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def compare(self) -> None:
        """Show what differs between what is typed here and what somebody saved."""
        page = await self.get_state(SettingsState)
        now = await service.read(desk(), viewer())
        mine = bundle_of(page._form).tidied()
        page._differs(now.draft, now.revision, now.saved_by, differences(mine, now.draft))

    @rx.event
    @permits(Permission.CONFIGURE)
    async def keep_mine(self) -> None:
        """Go on from the draft whose differences were shown; the next save replaces exactly that."""
        page = await self.get_state(SettingsState)
        if not page._their_revision:
            raise InvalidInput("revision", "There is nothing to decide between.")
        page.revision, page._began = page._their_revision, page._theirs
        page._forget_doubts()
        await page._show(viewer())
