"""What becomes of typed settings: merged with somebody else's, brought back, or thrown away."""

import reflex as rx

from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import InvalidInput
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_conflict import Conflict
from escalation_app.state.settings_form import bundle_of, form_of, with_targets_as_typed
from escalation_app.state.settings_kept import Unsaved, read_kept


class ConflictState(rx.State):
    """It has no vars: what differs stands in SettingsState. Theirs is taken by discarding mine."""

    @rx.event
    @permits(Permission.CONFIGURE)
    async def compare(self) -> None:
        """Show what each of the two changed, and lead there."""
        page = await self.get_state(SettingsState)
        page._take_note_of(viewer(), await service.read(desk(), viewer()))
        page.compared, page.led = True, page.led + 1
        await page._show(viewer())

    @rx.event
    @permits(Permission.CONFIGURE)
    async def choose(self, field: str, side: str) -> None:
        """Whose change of a field that both changed is to hold."""
        page = await self.get_state(SettingsState)
        conflict, mine = _conflict_of(page), bundle_of(page._form).tidied()
        page._conflict = conflict.choosing(field, side, mine)
        await page._show(viewer())

    @rx.event
    @permits(Permission.CONFIGURE)
    async def merge(self) -> None:
        """Go on from theirs, with what I changed in it; the next save replaces exactly theirs."""
        page = await self.get_state(SettingsState)
        conflict, typed = _conflict_of(page), page._form
        merged = conflict.merge(bundle_of(typed).tidied()).merged
        page.revision, page._began = conflict.revision, conflict.theirs
        page._form = with_targets_as_typed(form_of(merged), typed)
        page.epoch += 1
        page._forget_doubts()
        await page._show(viewer())


class LeftoverState(rx.State):
    """What a tab that was closed had not saved, offered to the next one."""

    offered: bool = False
    _left: Unsaved | None = None

    @rx.event
    @permits(Permission.CONFIGURE)
    async def found(self, text: str) -> None:
        """The browser has kept this for a tab that is no more."""
        page = await self.get_state(SettingsState)
        left = read_kept(text, viewer().person_id)
        if left is not None and bundle_of(left.form).tidied() != page._began:
            self._left, self.offered = left, True

    @rx.event
    @permits(Permission.CONFIGURE)
    async def bring_back(self) -> None:
        page = await self.get_state(SettingsState)
        if self._left is None or page.unsaved:
            raise InvalidInput("kept", "Save or discard what is typed here first.")
        page._take_up(viewer(), self._left, await service.read(desk(), viewer()))
        page.epoch += 1
        await page._show(viewer())
        self._left, self.offered = None, False

    @rx.event
    @permits(Permission.CONFIGURE)
    async def throw_away(self) -> None:
        self._left, self.offered = None, False


def _conflict_of(page: SettingsState) -> Conflict:
    if page._conflict is None:
        raise InvalidInput("revision", "There is nothing to decide between.")
    return page._conflict
