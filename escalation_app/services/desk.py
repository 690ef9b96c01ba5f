"""What every use case needs: the database, a way to say "look again", the time, keys, a model."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app import measures, request_context
from escalation_app.db.engine import Database
from escalation_app.domain.audit import NoSealer, Sealer, chain
from escalation_app.domain.delivery_outcome import Receivers
from escalation_app.domain.detection import Judge
from escalation_app.domain.differences import FieldChange
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.people import Person
from escalation_app.domain.publication import ConfigurationEntry
from escalation_app.domain.reply import Replier
from escalation_app.domain.summary import Summarizer
from escalation_app.domain.timeline import TimelineEntry
from escalation_app.domain.webhook_secret import NoVault, Vault
from escalation_app.services.outbox import put_out
from escalation_app.services.together import Together, in_order

# A look that takes longer, at a database that does not answer perhaps, is not waited for by who asks next.
LONGEST_WAIT_SECONDS = 0.1

Announce = Callable[[int], Awaitable[None]]
Question = TypeVar("Question")
Answer = TypeVar("Answer")


class LanguageModel(Judge, Replier, Summarizer, Protocol):
    """All that is asked of a model."""


async def _nobody_listens(_seq: int) -> None:
    return None


def _always() -> bool:
    return True


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    database: Database
    announce: Announce = _nobody_listens
    # Whether what is announced is heard by the other processes.
    is_heard: Callable[[], bool] = _always
    clock: Callable[[], datetime] = field(default=_utc_now)
    vault: Vault = field(default_factory=NoVault)
    sealer: Sealer = field(default_factory=NoSealer)
    model: LanguageModel | None = None
    # Judges where a webhook leads; None where no webhook is ever sent.
    receivers: Receivers | None = None
    # Demo people and their keys are let in only here.
    is_demo: bool = False
    # Hundreds of attempts at once wait here, not at the database that everybody works with.
    few_sign_ins: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))

    _together: dict[Any, Together[Any, Any]] = field(default_factory=dict, init=False)

    async def together(
        self,
        look: Callable[["Desk", Sequence[Question]], Awaitable[Sequence[Answer]]],
        question: Question,
    ) -> Answer:
        """The answer of one look at the database for all who ask now. Raises what `look` raises."""
        if look not in self._together:
            alike = in_order(partial(look, self))
            self._together[look] = Together(alike, longest_wait=LONGEST_WAIT_SECONDS)
        answer: Answer = await self._together[look].ask(question)
        return answer

    def admits(self, person: Person) -> bool:
        """Whether the person may come in at all: not once shut out, and demo people only in a demo."""
        return person.shut_out_at is None and (self.is_demo or not person.is_demo)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator["Change"]:
        """One use case: its rows and facts are committed together, then announced."""
        change = Change(self.sealer)
        async with self.database.transaction() as session:
            change.session = session
            yield change
        if change.facts or change.is_news:
            await self.tell(change.facts)

    async def tell(self, facts: Sequence[TimelineEntry]) -> None:
        """Announce what was committed; no facts are news all the same."""
        for fact in facts:
            measures.facts.labels(fact.queue.value, fact.kind.value).inc()
        request_context.mark_changed()
        # What is no fact of a case has no number on the timeline: 0 just says "look again".
        await self.announce(max((fact.id or 0 for fact in facts), default=0))


class Change:
    """A transaction under way and the facts it will make true."""

    session: AsyncSession

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self.facts: list[TimelineEntry] = []
        self.is_news = False

    async def record(self, fact: TimelineEntry | None) -> None:
        """Write the fact beside the change, sealed, and put it out for who is to be told.

        The flush is where a second hand finds zero rows.
        """
        if fact is None:
            await self.session.flush()
            return
        # The session holds the case already.
        case = await self.session.get_one(Escalation, fact.escalation_id)
        chain(case, fact, self._sealer)
        self.session.add(fact)
        self.facts.append(fact)
        await self.session.flush()
        await put_out(self.session, fact)

    async def note(self, entry: ConfigurationEntry, changes: Sequence[FieldChange]) -> None:
        """Write what was done to the settings beside the change."""
        entry.changes = [asdict(change) for change in changes]
        self.session.add(entry)
        self.is_news = True
        await self.session.flush()
