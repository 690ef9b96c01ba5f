"""A summary while it is being written. Once stored, everybody gets it as part of the case."""

from contextlib import aclosing
from datetime import timedelta

import reflex as rx

from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.people import Permission
from escalation_app.domain.snapshots import SentenceRow, iso
from escalation_app.services import sessions, summaries
from escalation_app.state.arguments import case_number
from escalation_app.state.guard import desk, permits, secret_of_tab, viewer

# Longer than any summary may take, so what has not ended by then was interrupted with its process.
PATIENCE = timedelta(seconds=35)


class SummaryState(rx.State):
    """`phase` is "" when nothing is under way, else "writing" or "failed", for the case named.

    What is written began at `since`, which also tells one attempt from the next.
    """

    case_id: int = 0
    phase: str = ""
    since: str = ""
    coming: list[SentenceRow] = []
    failure: str = ""

    @rx.event(background=True)
    @permits(Permission.SUMMARIZE)
    async def generate(self, case_id: int) -> None:
        """Show sentences as they come. Another case can be looked at and worked on meanwhile."""
        number = case_number(case_id)
        async with self:
            if self._is_writing(number):
                return
            began = self._begin(number)
        try:
            async with aclosing(summaries.summarize(desk(), viewer(), number)) as sentences:
                async for sentence in sentences:
                    # Signing out ends it too.
                    await sessions.who(desk(), secret_of_tab(self))
                    row = SentenceRow(sentence.text, list(sentence.cites), sentence.doubt)
                    async with self:
                        if self.since == began:
                            self.coming = [*self.coming, row]
        except ModelFailed as failure:
            async with self:
                self._end(began, str(failure))
        except BaseException:
            async with self:
                self._end(began)
            raise
        else:
            async with self:
                self._end(began)

    @rx.event
    @permits(Permission.SUMMARIZE)
    async def extract(self, case_id: int) -> None:
        """Take the conversation's own sentences instead."""
        number = case_number(case_id)
        await summaries.extract(desk(), viewer(), number)
        if self.case_id == number:
            self._end(self.since)

    def _is_writing(self, number: int) -> bool:
        is_ours = self.phase == "writing" and self.case_id == number
        return is_ours and self.since >= iso(desk().clock() - PATIENCE)

    def _begin(self, number: int) -> str:
        self.case_id, self.phase, self.coming, self.failure = number, "writing", [], ""
        self.since = iso(desk().clock())
        return self.since

    def _end(self, began: str, failure: str = "") -> None:
        if self.since == began:
            self.phase, self.failure, self.since = ("failed" if failure else ""), failure, ""
