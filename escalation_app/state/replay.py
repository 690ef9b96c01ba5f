"""The draft tried on stored conversations, beside what is published."""

from contextlib import aclosing
from dataclasses import dataclass

import reflex as rx

from escalation_app import routes
from escalation_app.domain.people import Permission
from escalation_app.services.replay import Effect, Replayed, Verdict, replay
from escalation_app.state.arguments import how_many
from escalation_app.state.guard import desk, permits, viewer

CHANGES = (Effect.NOW, Effect.NO_LONGER, Effect.OTHERWISE)


@dataclass(frozen=True, slots=True)
class ReplayedRow:
    """One conversation; `published` and `draft` say what each makes of it, in words."""

    conversation_id: int = 0
    about: str = ""
    href: str = ""
    effect: str = ""
    published: str = ""
    draft: str = ""


class ReplayState(rx.State):
    """`run` names the replay that may still write here; cancelling takes the name away."""

    running: bool = False
    done: int = 0
    total: int = 0
    rows: list[ReplayedRow] = []
    unchanged: int = 0
    finished: bool = False
    _run: int = 0

    @rx.event(background=True)
    @permits(Permission.CONFIGURE)
    async def start(self, form: dict[str, str]) -> None:
        """Judge the last so many conversations anew; one result after the other appears."""
        last = how_many(form.get("last"))
        async with self:
            self._run += 1
            run = self._run
            self.running, self.finished = True, False
            self.done, self.total, self.unchanged, self.rows = 0, last, 0, []
        try:
            async with aclosing(replay(desk(), viewer(), last)) as judged:
                async for progress in judged:
                    async with self:
                        if self._run != run:
                            return
                        self.done, self.total = progress.done, progress.total
                        self._take(progress.replayed)
            async with self:
                self.finished = self._run == run
        finally:
            async with self:
                if self._run == run:
                    self.running = False

    @rx.event
    @permits(Permission.CONFIGURE)
    async def cancel(self) -> None:
        """What was judged so far stays."""
        self._run += 1
        self.running = False

    def _take(self, one: Replayed) -> None:
        if one.effect not in CHANGES:
            self.unchanged += 1
            return
        self.rows = [
            *self.rows,
            ReplayedRow(
                conversation_id=one.conversation_id,
                about=one.about,
                href=routes.conversation(one.queue.value, one.conversation_id),
                effect=one.effect.value,
                published=in_words(one.published),
                draft=in_words(one.draft),
            ),
        ]


def in_words(verdict: Verdict | None) -> str:
    if verdict is None:
        return "Does not escalate"
    found = verdict.detection
    return f"{found.trigger}, {found.urgency.value}, {found.topic} · {found.area}. {found.reason}"
