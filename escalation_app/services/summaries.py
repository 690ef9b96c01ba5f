"""Summaries: asked of the model sentence by sentence, or extracted by the desk itself."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from escalation_app import measures
from escalation_app.db import configurations, conversations, escalations
from escalation_app.domain.detection import Utterance
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.grounding import Grounding
from escalation_app.domain.languages import UNDETERMINED, own_name
from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchCase
from escalation_app.domain.summary import Summarizer, Summary, SummarySentence, SummarySource
from escalation_app.offline.extract import extract as extract_of
from escalation_app.offline.language import is_another_language
from escalation_app.services.conversations import as_utterances
from escalation_app.services.desk import Desk
from escalation_app.services.viewers import as_of_now


@dataclass(frozen=True, slots=True)
class _Talk:
    """What is summarized, and the language of its queue's settings."""

    said: Sequence[Utterance]
    automatic: frozenset[int]
    language: str

    @property
    def without_automatic(self) -> list[Utterance]:
        """What the end user and the agent said; the desk's own response tells nothing."""
        return [utterance for utterance in self.said if utterance.number not in self.automatic]


async def summarize(desk: Desk, by: Viewer, case_id: int) -> AsyncGenerator[SummarySentence, None]:
    """Sentences as they come, each checked against the messages that it cites; then stored.

    Whoever loses the right meanwhile is given no further sentence, and nothing is stored. Without
    a model it is the extract. Close it (`contextlib.aclosing`) to stop early.

    Raises:
        NotPermitted, NoSuchCase, NotSignedIn
        ModelFailed: It broke off. Nothing was stored; `extract` is the offer.
    """
    by.must(Permission.SUMMARIZE)
    if desk.model is None:
        for sentence in (await extract(desk, by, case_id)).sentences:
            yield sentence
        return
    talk = await _talk(desk, by, case_id)
    sentences = []
    try:
        async with aclosing(_asked(desk.model, talk)) as coming:
            async for sentence in coming:
                await _must_still_see(desk, by, case_id)
                sentences.append(sentence)
                yield sentence
    except ModelFailed:
        measures.summaries.labels(SummarySource.AI.value, "failed").inc()
        raise
    await _store(desk, by, case_id, SummarySource.AI, talk, sentences)


async def summarize_whole(desk: Desk, by: Viewer, case_id: int) -> None:
    """Store a summary: the model's, or the extract where the model fails.

    Raises:
        NotPermitted, NoSuchCase
    """
    try:
        async with aclosing(summarize(desk, by, case_id)) as coming:
            async for _ in coming:
                pass
    except ModelFailed:
        await extract(desk, by, case_id)


async def extract(desk: Desk, by: Viewer, case_id: int) -> Summary:
    """The conversation's own telling sentences, stored as the case's summary.

    Raises:
        NotPermitted, NoSuchCase
    """
    by.must(Permission.SUMMARIZE)
    talk = await _talk(desk, by, case_id)
    # A long conversation is work for the processor, which the other tabs must not wait for.
    sentences = await asyncio.to_thread(extract_of, talk.without_automatic)
    text = " ".join(sentence.text for sentence in sentences)
    if await asyncio.to_thread(is_another_language, text, talk.language):
        talk = replace(talk, language=UNDETERMINED)
    return await _store(desk, by, case_id, SummarySource.EXTRACT, talk, sentences)


async def _asked(model: Summarizer, talk: _Talk) -> AsyncGenerator[SummarySentence, None]:
    grounding, language = Grounding(talk.said), talk.language
    asked = model.summarize(talk.said, own_name(language), language)
    async with aclosing(asked) as coming:
        async for sentence in coming:
            yield await asyncio.to_thread(grounding.check, sentence)


async def _must_still_see(desk: Desk, by: Viewer, case_id: int) -> None:
    async with desk.database.reading() as session:
        await _seen_by(session, desk, by, case_id)


async def _seen_by(
    session: AsyncSession, desk: Desk, by: Viewer, case_id: int, *, held: bool = False
) -> Escalation:
    """The case, if this person may summarize it now; held until the transaction ends."""
    by = await as_of_now(session, desk, by)
    by.must(Permission.SUMMARIZE)
    escalation = await escalations.find(session, by.scopes, case_id, held=held)
    if escalation is None:
        raise NoSuchCase
    return escalation


async def _talk(desk: Desk, by: Viewer, case_id: int) -> _Talk:
    async with desk.database.reading() as session:
        escalation = await _seen_by(session, desk, by, case_id)
        configuration = await configurations.of_queue(session, escalation.queue)
        said = await conversations.messages(session, escalation.conversation_id)
        automatic = await conversations.automatic_responses(session, escalation.conversation_id)
    return _Talk(as_utterances(said), automatic, configuration.language)


async def _store(
    desk: Desk,
    by: Viewer,
    case_id: int,
    source: SummarySource,
    talk: _Talk,
    sentences: Sequence[SummarySentence],
) -> Summary:
    now = desk.clock()
    async with desk.changing() as change:
        escalation = await _seen_by(change.session, desk, by, case_id, held=True)
        summary = Summary(
            escalation_id=case_id,
            language=talk.language,
            source=source,
            content=[asdict(sentence) for sentence in sentences],
            message_count=len(talk.said),
            made_by=by.name,
            made_at=now,
        )
        change.session.add(summary)
        await change.record(escalation.summarize(by, source, now))
    measures.summaries.labels(source.value, "stored").inc()
    return summary
