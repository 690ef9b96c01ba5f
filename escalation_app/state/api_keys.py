"""The page of API keys: who may hold one, making one, and revoking one after asking once more.

The list is pushed. A new key goes to the browser in an event that nothing keeps.
"""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import InvalidInput, NoSuchKey, NotPermitted, NotSignedIn
from escalation_app.services import api_keys as service
from escalation_app.services import sessions
from escalation_app.settings import settings
from escalation_app.state.arrivals import Tab
from escalation_app.state.browser_events import redirect, toast
from escalation_app.state.frame import frame, framed
from escalation_app.state.guard import desk, permits, secret_of_tab, viewer
from escalation_app.state.key_line import KeyLine
from escalation_app.state.live import live
from escalation_app.state.screen import never_sent_whole
from escalation_app.state.settings_views import KeysView
from escalation_app.state.shown_once import hand_new_key


@dataclass(frozen=True, slots=True)
class HolderRow:
    username: str = ""
    words: str = ""


@framed
@never_sent_whole
class ApiKeysState(rx.State):
    """`asking` is the key that the dialog asks about; its id is 0 while the dialog is closed."""

    ready: bool = False
    denied: str = ""
    holders: list[HolderRow] = []
    desk_url: str = ""
    problems: dict[str, str] = {}
    answered: int = 0
    made: int = 0
    asking: KeyLine = KeyLine()
    _shown_to: str = ""

    @rx.event
    @permits(Permission.PUBLIC)
    async def load(self) -> Any:
        """Read who may hold a key, and look at the list; or say who may."""
        try:
            who = await sessions.who(desk(), secret_of_tab(self))
        except NotSignedIn:
            return redirect(self, routes.login(routes.KEYS))
        await frame(self, who, "keys")
        self.problems, self.asking, self.desk_url = {}, KeyLine(), settings().public_url
        try:
            found = await service.holders(desk(), who)
        except NotPermitted as refusal:
            self.denied, self.ready, self.holders = str(refusal), False, []
            await self._look(who)
            return None
        self.holders = [
            HolderRow(one.username, f"{one.name} ({one.username}, {one.role.value})")
            for one in found
        ]
        self.denied, self.ready = "", True
        await self._look(who)
        return None

    @rx.event(temporal=True)
    @permits(Permission.MANAGE_KEYS)
    async def make(self, form: dict[str, Any]) -> Any:
        """Make a key and show it this once, or say beside each field what is wrong with it."""
        username, label = form.get("username") or "", form.get("label") or ""
        self.problems = {} if username else {"username": "Please choose whose key it is."}
        self.answered += 1
        try:
            secret = await service.create(desk(), viewer(), username, label)
        except InvalidInput as refusal:
            self.problems = {refusal.field: _sentence(refusal)} | self.problems
            return None
        self.made += 1
        return hand_new_key({"secret": secret, "label": label.strip(), "username": username})

    @rx.event
    @permits(Permission.MANAGE_KEYS)
    async def ask_to_revoke(self, key_id: int) -> None:
        """Name the key and ask once more."""
        found = [key for key in await service.listed(desk(), viewer()) if key.id == key_id]
        if not found:
            raise NoSuchKey
        self.asking = KeyLine.of(found[0])

    @rx.event
    @permits(Permission.MANAGE_KEYS)
    async def dismiss(self) -> None:
        self.asking = KeyLine()

    @rx.event(temporal=True)
    @permits(Permission.MANAGE_KEYS)
    async def revoke(self) -> Any:
        """End the key that was asked about."""
        key, self.asking = self.asking, KeyLine()
        await service.revoke(desk(), viewer(), key.id)
        return toast("success", f"The key “{key.label}” is revoked.")

    async def _look(self, who: Viewer) -> None:
        sid = self.router.session.session_id
        views = (KeysView(),) if who.may(Permission.MANAGE_KEYS) else ()
        tab = Tab(sid, secret_of_tab(self) or "", who)
        await live().show(tab, views, afresh=self._shown_to != sid)
        self._shown_to = sid


def _sentence(refusal: InvalidInput) -> str:
    words = str(refusal)
    return words[:1].upper() + words[1:]
