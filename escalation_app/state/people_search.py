"""Finding the people who can be supervisors, as one types."""

import reflex as rx

from escalation_app.domain.people import Permission
from escalation_app.services import settings as service
from escalation_app.state.guard import desk, permits, viewer
from escalation_app.state.settings import SettingsState
from escalation_app.state.settings_rows import PersonRow

MOST_OFFERED = 10
# Those in the list already are found too, and left out here.
MOST = 50


class PeopleSearchState(rx.State):
    text: str = ""
    found: list[PersonRow] = []
    listed_already: int = 0

    @rx.event
    @permits(Permission.CONFIGURE)
    async def search(self, text: str) -> None:
        self.text = text.strip()
        found = await service.search_people(desk(), viewer(), text, MOST) if self.text else []
        page = await self.get_state(SettingsState)
        listed = {one.username for one in page.supervisors}
        others = [one for one in found if one.username not in listed]
        self.found = [PersonRow(one.username, one.name) for one in others[:MOST_OFFERED]]
        self.listed_already = len(found) - len(others)

    @rx.event
    @permits(Permission.CONFIGURE)
    async def clear(self) -> None:
        self.text, self.found = "", []
