"""Finding the people who can be supervisors, as one types."""

import reflex as rx

from escalation_app.domain.people import Permission
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings_rows import PersonRow


class PeopleSearchState(rx.State):
    text: str = ""
    found: list[PersonRow] = []

    @rx.event
    @permits(Permission.CONFIGURE)
    async def search(self, text: str) -> None:
        self.text = text.strip()
        people = await service.search_people(desk(), viewer(), text) if self.text else []
        self.found = [PersonRow(one.username, one.name) for one in people]

    @rx.event
    @permits(Permission.CONFIGURE)
    async def clear(self) -> None:
        self.text, self.found = "", []
