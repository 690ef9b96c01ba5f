"""The settings as one person edits them: typed, kept, saved, or refused beside the field."""

from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.configuration_refusals import (
    InvalidConfiguration,
    SettingsChangedMeanwhile,
)
from escalation_app.domain.differences import FieldChange
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NotPermitted, NotSignedIn
from escalation_app.services import sessions, supervisors
from escalation_app.services import settings as service
from escalation_app.services.settings_snapshots import SettingsSnapshot
from escalation_app.state.arrivals import Tab
from escalation_app.state.browser_events import redirect
from escalation_app.state.frame import frame, framed
from escalation_app.state.guard import desk, permits, secret_of_tab, viewer
from escalation_app.state.live import live
from escalation_app.state.screen import is_new_socket, read_at_load, send_all
from escalation_app.state.settings_conflict import ClashRow, Conflict, shown_of_conflict
from escalation_app.state.settings_form import (
    ConditionForm,
    SettingsForm,
    bundle_of,
    form_of,
)
from escalation_app.state.settings_kept import Unsaved, read_kept, write_kept
from escalation_app.state.settings_problems import by_field
from escalation_app.state.settings_rows import (
    Standing,
    SupervisorRow,
    TargetRow,
    shown_of,
)
from escalation_app.state.views import views_of_settings


@framed
@read_at_load
class SettingsState(rx.State):
    """`epoch` grows whenever the fields are to show something else than what was typed."""

    ready: bool = False
    denied: str = ""
    enabled: bool = False
    conditions: list[ConditionForm] = []
    response: str = ""
    language: str = ""
    targets: list[TargetRow] = []
    warnings: list[str] = []
    supervisors: list[SupervisorRow] = []
    topics: list[str] = []
    still_used: dict[str, str] = {}
    areas: list[str] = []
    webhook_enabled: bool = False
    webhook_url: str = ""

    epoch: int = 0
    revision: int = 0
    mark: str = ""
    standing: Standing = Standing()
    unpublished: list[FieldChange] = []
    unsaved: bool = False
    survived: bool = False
    said: str = ""
    problems: dict[str, str] = {}
    attempt: int = 0
    added: str = ""
    meanwhile: str = ""
    clashes: list[ClashRow] = []
    only_mine: list[FieldChange] = []
    only_theirs: list[FieldChange] = []
    compared: bool = False
    refused: bool = False
    led: int = 0
    # Of this tab alone: another one of the same person has unsaved changes of its own.
    kept: str = rx.SessionStorage("", name="desk-settings-unsaved")

    _form: SettingsForm = form_of(Configuration())
    _began: Configuration = Configuration()
    _conflict: Conflict | None = None
    _names: dict[str, str] = {}
    _shown_to: str = ""

    @rx.event
    @permits(Permission.PUBLIC)
    async def load(self) -> Any:
        """Read the draft, and what this person had typed before."""
        try:
            who = await sessions.who(desk(), secret_of_tab(self))
        except NotSignedIn:
            return redirect(self, routes.login(routes.SETTINGS))
        await frame(self, who, "settings")
        try:
            now = await service.read(desk(), who)
        except NotPermitted as refusal:
            send_all(self)
            self.denied, self.ready = str(refusal), False
            await self._look(who, may_configure=False)
            return None
        if is_new_socket(self):
            send_all(self)
        self.denied = ""
        kept = read_kept(self.kept, who.person_id)
        await self._replace(who, now)
        if kept is not None and bundle_of(kept.form).tidied() != now.draft:
            self._take_up(who, kept, now)
            await self._show(who)
        self.ready = True
        await self._look(who, may_configure=True)
        return None

    @rx.event
    @permits(Permission.CONFIGURE)
    async def look_again(self) -> None:
        """Somebody did something. Show it, unless it would take away what is typed here."""
        await self._adopt(viewer(), await service.read(desk(), viewer()))

    @rx.event(temporal=True)
    @permits(Permission.CONFIGURE)
    async def save(self) -> None:
        """Save the whole bundle as the draft, or say beside each field what is wrong with it."""
        who, mine = viewer(), bundle_of(self._form)
        try:
            revision = await service.save(desk(), who, self.revision, mine)
        except InvalidConfiguration as refusal:
            self.problems = by_field(self._form, refusal.problems)
            self.attempt += 1
            return
        except SettingsChangedMeanwhile:
            self._take_note_of(who, await service.read(desk(), who))
            if self._conflict is not None:
                self.compared, self.refused, self.led = True, True, self.led + 1
                await self._show(who)
                return
            # They saved, and put back what I began with.
            revision = await service.save(desk(), who, self.revision, mine)
        was_changed = revision != self.revision
        self._began, self.revision = mine.tidied(), revision
        await self._adopt(who, await service.read(desk(), who))
        self._forget_doubts()
        self.said = "Saved. The preview queue runs on it now." if was_changed else "No changes."
        await self._show(who)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def discard(self) -> None:
        """Back to the draft as it is now: one's own, or what somebody else has made of it."""
        await self._replace(viewer(), await service.read(desk(), viewer()))

    async def _go_on_from(self, revision: int, who: Viewer) -> None:
        """This tab itself made the next revision, beside what is typed."""
        self.revision = revision
        await self._adopt(who, await service.read(desk(), who))
        await self._show(who)

    def _forget_doubts(self) -> None:
        self.problems, self.survived, self.said, self.added = {}, False, "", ""
        self._conflict, self.compared, self.refused = None, False, False

    def _take_note_of(self, who: Viewer, now: SettingsSnapshot) -> None:
        """The draft moved on beside what is typed: a conflict only if it holds something new."""
        if now.draft in (self._began, bundle_of(self._form).tidied()):
            self.revision, self._began = now.revision, now.draft
            self._conflict, self.compared, self.refused = None, False, False
        elif self._conflict is None or self._conflict.revision != now.revision:
            self._conflict = Conflict.between(self._began, now, who.person_id)

    def _take_up(self, who: Viewer, kept: Unsaved, now: SettingsSnapshot) -> None:
        """Go on with what was typed before."""
        self._form, self.revision, self.survived = kept.form, kept.revision, True
        self._began = bundle_of(kept.began)
        self._take_note_of(who, now)

    async def _replace(self, who: Viewer, now: SettingsSnapshot) -> None:
        """Let every field show the draft."""
        self._form, self._began = form_of(now.draft), now.draft
        self.revision = now.revision
        self.epoch += 1
        self._forget_doubts()
        self._stand(now)
        await self._show(who)

    async def _adopt(self, who: Viewer, now: SettingsSnapshot) -> None:
        if now.revision != self.revision and not self._is_edited():
            await self._replace(who, now)
        else:
            self._take_note_of(who, now)
            self._stand(now)
            await self._show(who)

    def _stand(self, now: SettingsSnapshot) -> None:
        self.mark = now.mark
        self.unpublished = list(now.changes)
        self.standing = Standing(
            now.saved_by,
            now.saved_at.isoformat(),
            now.version,
            now.published_by,
            now.published_at.isoformat(),
        )

    def _is_edited(self) -> bool:
        return bundle_of(self._form).tidied() != self._began

    async def _change(self, form: SettingsForm, path: str) -> None:
        """Take over an edited form; what was wrong with the path is to be judged anew."""
        self._form = form
        self.problems = {
            name: told
            for name, told in self.problems.items()
            if name != path and not name.startswith(f"{path}.")
        }
        self.said = ""
        await self._show(viewer())

    async def _show(self, who: Viewer) -> None:
        """The form as it is now, on the screen and in the browser's storage."""
        form = self._form
        unnamed = {one.username for one in form.supervisors} - set(self._names)
        if unnamed:
            self._names = self._names | await supervisors.names(desk(), who, unnamed)
        self.unsaved = self._is_edited()
        began = form_of(self._began)
        unsaved = Unsaved(self.revision, form, began) if self.unsaved else None
        shown = shown_of(form, self._names)
        shown |= shown_of_conflict(self._conflict, bundle_of(form).tidied())
        shown["kept"] = write_kept(self.kept, who.person_id, unsaved)
        for name, value in shown.items():
            # What is the same is not sent again.
            if getattr(self, name) != value:
                setattr(self, name, value)

    async def _look(self, who: Viewer, *, may_configure: bool) -> None:
        sid = self.router.session.session_id
        views = views_of_settings() if may_configure else ()
        tab = Tab(sid, secret_of_tab(self) or "", who)
        await live().show(tab, views, afresh=self._shown_to != sid)
        self._shown_to = sid
