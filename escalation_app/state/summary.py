"""A summary while it is being written. Once stored, everybody gets it as part of the case."""

from contextlib import aclosing

import reflex as rx

from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.people import Permission
from escalation_app.domain.snapshots import SentenceRow
from escalation_app.services import summaries
from escalation_app.state.arguments import case_number
from escalation_app.state.guard import desk, permits, viewer


class SummaryState(rx.State):
    """`phase` is "" when nothing is under way, else "writing" or "failed", for the case named."""

    case_id: int = 0
    phase: str = ""
    coming: list[SentenceRow] = []
    failure: str = ""

    @rx.event(background=True)
    @permits(Permission.SUMMARIZE)
    async def generate(self, case_id: int) -> None:
        """Show sentences as they come. Another case can be looked at and worked on meanwhile."""
        number = case_number(case_id)
        async with self:
            if self.phase == "writing" and self.case_id == number:
                return
            self._begin(number)
        try:
            async with aclosing(summaries.summarize(desk(), viewer(), number)) as sentences:
                async for sentence in sentences:
                    row = SentenceRow(sentence.text, list(sentence.cites), sentence.doubt)
                    async with self:
                        if self.case_id == number:
                            self.coming = [*self.coming, row]
        except ModelFailed as failure:
            async with self:
                self._end(number, str(failure))
        except BaseException:
            async with self:
                self._end(number)
            raise
        else:
            async with self:
                self._end(number)

    @rx.event
    @permits(Permission.SUMMARIZE)
    async def extract(self, case_id: int) -> None:
        """Take the conversation's own sentences instead."""
        number = case_number(case_id)
        await summaries.extract(desk(), viewer(), number)
        self._end(number)

    def _begin(self, number: int) -> None:
        self.case_id, self.phase, self.coming, self.failure = number, "writing", [], ""

    def _end(self, number: int, failure: str = "") -> None:
        if self.case_id == number:
            self.phase, self.failure = ("failed" if failure else ""), failure
