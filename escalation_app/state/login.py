"""The sign-in page: an error in words and the demo accounts."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from escalation_app import routes
from escalation_app.domain.people import Permission
from escalation_app.domain.refusals import DeskUnavailable, NotSignedIn
from escalation_app.services import sessions
from escalation_app.settings import settings
from escalation_app.state.browser_events import redirect
from escalation_app.state.guard import desk, permits, secret_of_tab

ERRORS = {
    "wrong": "Username or password is not right.",
    "throttled": "Too many attempts. Please try again in 15 minutes.",
    "unavailable": "The desk can't reach its database right now. Please try again.",
    "full": "The desk can't let anybody in at the moment: its disk is full. Please try again later.",
}
ENDED = "You are signed out."


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str = ""
    role: str = ""
    sees: str = ""


DEMO_ACCOUNTS = [
    DemoAccount("maria", "supervisor", "all topics and areas"),
    DemoAccount("omar", "supervisor", "Billing and Refund in Payment"),
    DemoAccount("lina", "builder (QA)", "both queues, read-only"),
    DemoAccount("admin", "admin", "everything"),
]


class LoginState(rx.State):
    error: str = ""
    news: str = ""
    demo_accounts: list[DemoAccount] = []

    @rx.event
    @permits(Permission.PUBLIC)
    async def load(self) -> Any:
        query = self.router.url.query_parameters
        wanted = await self._goes_on(query.get("next", ""))
        if wanted:
            return redirect(self, wanted, replace=True)
        self.error = ERRORS.get(query.get("error", ""), "")
        # Whoever signs out has done nothing wrong, so it is told as news.
        self.news = ENDED if query.get("error") == "ended" else ""
        self.demo_accounts = DEMO_ACCOUNTS if settings().demo else []
        return None

    async def _goes_on(self, wanted: str) -> str:
        """Where to, for whoever is signed in and came back to a page that the browser had kept."""
        try:
            who = await sessions.who(desk(), secret_of_tab(self))
        except (DeskUnavailable, NotSignedIn):
            return ""
        return routes.own_path(wanted) or routes.queue(who.home.value)
