"""Publishing, the versions that were published, and what was done to the settings by whom."""

from collections.abc import Awaitable
from typing import Any

import reflex as rx

from escalation_app.domain.configuration_refusals import SettingsChangedMeanwhile
from escalation_app.domain.differences import Described, FieldChange, described, differences
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import InvalidInput
from escalation_app.services import settings as service
from escalation_app.services.coverage import uncovered_once_published
from escalation_app.state.arguments import version_number
from escalation_app.state.browser_events import toast
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_form import bundle_of
from escalation_app.state.settings_rows import DeedRow, VersionRow, deed_row, version_row

MOST_SHOWN = 50


class VersionsState(rx.State):
    """`asking` is what the dialog is about: "publish", "restore", "look", "discard", "" when closed."""

    # Whose settings' mark these versions and this history belong to.
    mark: str = ""
    versions: list[VersionRow] = []
    history: list[DeedRow] = []
    contents: list[Described] = []
    uncovered: list[str] = []
    asking: str = ""
    asking_version: int = 0
    asking_changes: list[FieldChange] = []
    # The draft that the dialog speaks of; another one is never published in its place.
    _asking_revision: int = 0

    @rx.event
    @permits(Permission.CONFIGURE)
    async def read(self) -> None:
        """Versions and history as they are now."""
        self.mark = (await self.get_state(SettingsState)).mark
        published = await service.versions(desk(), viewer())
        done = await service.history(desk(), viewer(), MOST_SHOWN)
        self.versions = [version_row(one) for one in published]
        self.history = [deed_row(one) for one in done]

    @rx.event
    @permits(Permission.CONFIGURE)
    async def look_at(self, number: int) -> None:
        """What this version holds, and what restoring it would change in the draft."""
        version = await service.version(desk(), viewer(), version_number(number))
        now = await service.read(desk(), viewer())
        changes = differences(now.draft, version.configuration)
        self._ask("look", number, now.revision, changes)
        self.contents = described(version.configuration)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def ask_to_publish(self) -> None:
        """Show what would change, and ask once more."""
        await self._nothing_unsaved()
        now = await service.read(desk(), viewer())
        if not now.is_changed:
            raise InvalidInput("publish", "The draft is the same as what is published.")
        gaps = await uncovered_once_published(desk(), viewer())
        self._ask("publish", now.version + 1, now.revision, list(now.changes))
        self.uncovered = [gap.sentence for gap in gaps]

    @rx.event
    @permits(Permission.CONFIGURE)
    async def ask_to_restore(self, number: int) -> None:
        """Show what the draft would lose and get, and ask once more."""
        await self._nothing_unsaved()
        now = await service.read(desk(), viewer())
        self._ask("restore", number, now.revision, await self._restoring(number))

    @rx.event
    @permits(Permission.CONFIGURE)
    async def ask_to_discard(self) -> None:
        """Show what was typed and would go, and ask once more."""
        page = await self.get_state(SettingsState)
        typed = bundle_of(page._form).tidied()
        self._ask("discard", 0, page.revision, differences(page._began, typed))

    @rx.event
    @permits(Permission.CONFIGURE)
    async def dismiss(self) -> None:
        self._ask("", 0, 0, [])

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def publish(self) -> Any:
        """Make the draft that was shown the published one."""
        said = f"Version {self.asking_version} is published."
        return await self._do(service.publish(desk(), viewer(), self._asking_revision), said)

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def restore(self) -> Any:
        """Bring the version that was shown back into the draft."""
        number, revision = self.asking_version, self._asking_revision
        said = f"Version {number} is the draft again. The preview queue runs on it now."
        return await self._do(service.restore(desk(), viewer(), number, revision), said)

    async def _do(self, deed: Awaitable[int], said: str) -> Any:
        """Do it, and show the outcome; say so when somebody else was first."""
        page, answer = await self.get_state(SettingsState), None
        try:
            await deed
        except SettingsChangedMeanwhile as refusal:
            said = ""
            answer = toast("error", f"{refusal} Please look again.", close_button=True)
        finally:
            self._ask("", 0, 0, [])
        await page._adopt(viewer(), await service.read(desk(), viewer()))
        page.said = said
        return answer

    def _ask(self, what: str, version: int, revision: int, changes: list[FieldChange]) -> None:
        self.asking, self.asking_version = what, version
        self._asking_revision, self.asking_changes = revision, changes
        self.contents, self.uncovered = [], []

    async def _restoring(self, number: int) -> list[FieldChange]:
        version = await service.version(desk(), viewer(), version_number(number))
        now = await service.read(desk(), viewer())
        return differences(now.draft, version.configuration)

    async def _nothing_unsaved(self) -> None:
        if (await self.get_state(SettingsState)).unsaved:
            raise InvalidInput("settings", "There are unsaved changes. Save or discard them first.")
