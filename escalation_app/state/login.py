"""The sign-in page: an error in words and the demo accounts."""

from dataclasses import dataclass

import reflex as rx

from escalation_app.domain.people import Permission
from escalation_app.settings import settings
from escalation_app.state.guard import permits

ERRORS = {
    "wrong": "Username or password is not right.",
    "throttled": "Too many attempts. Please try again in 15 minutes.",
    "unavailable": "The desk can't reach its database right now. Please try again.",
    "ended": "You are signed out.",
}


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
    demo_accounts: list[DemoAccount] = []

    @rx.event
    @permits(Permission.PUBLIC)
    async def load(self) -> None:
        query = self.router.url.query_parameters
        self.error = ERRORS.get(query.get("error", ""), "")
        self.demo_accounts = DEMO_ACCOUNTS if settings().demo else []
