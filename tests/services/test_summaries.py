"""A summary is stored with its case once it is whole, for whoever may see it to the end."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from escalation_app.db import summaries as queries
from escalation_app.demo.configuration import demo_bundle
from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.people import Scope
from escalation_app.domain.refusals import NoSuchCase, NotPermitted
from escalation_app.domain.summary import Summary, SummarySentence, SummarySource
from escalation_app.domain.vocabulary import Queue, Speaker
from escalation_app.services import conversations, settings, summaries
from escalation_app.services.cases import case, case_file
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, grant, id_of


async def _nothing() -> None:
    return None


class _Model:
    """Says what it was told to, and maybe breaks off."""

    def __init__(self, *sentences: SummarySentence, breaks: bool = False) -> None:
        self._sentences = sentences
        self._breaks = breaks
        self.meanwhile = _nothing
        self.languages: list[str] = []

    async def summarize(
        self, conversation, language, code=""
    ) -> AsyncGenerator[SummarySentence, None]:
        self.languages.append(language)
        for sentence in self._sentences:
            yield sentence
        await self.meanwhile()
        if self._breaks:
            raise ModelFailed(ModelFailure.CUT_OFF)


async def stored(desk: Desk, case_id: int) -> Summary | None:
    async with desk.database.reading() as session:
        return await queries.newest(session, case_id)


async def summarized(desk: Desk, cast: Cast, case_id: int) -> list[SummarySentence]:
    return [sentence async for sentence in summaries.summarize(desk, cast.maria, case_id)]


async def test_without_a_model_the_telling_sentences_are_stored_at_once(
    desk: Desk, cast: Cast
) -> None:
    case_id = id_of(await a_case(desk, cast, said="I was charged twice for order A-20417."))
    sentences = await summarized(desk, cast, case_id)
    summary = await stored(desk, case_id)
    assert summary is not None
    assert summary.source is SummarySource.EXTRACT
    assert list(summary.sentences) == sentences
    assert sentences == [SummarySentence("I was charged twice for order A-20417.", (1,))]


async def test_a_models_sentences_are_checked_and_stored_in_the_queues_language(
    desk: Desk, cast: Cast
) -> None:
    case_id = id_of(await a_case(desk, cast, said="I paid $89.90 twice."))
    true = SummarySentence("The customer paid $89.90.", (1,))
    false = SummarySentence("The customer paid $99.90.", (1,))
    nowhere = SummarySentence("All is well.", (7,))
    desk.model = model = _Model(true, false, nowhere)  # type: ignore[assignment]
    doubts = [sentence.doubt for sentence in await summarized(desk, cast, case_id)]
    assert doubts[0] == ""
    assert "99.90" in doubts[1]
    assert "7" in doubts[2]
    assert model.languages == ["English"]
    summary = await stored(desk, case_id)
    assert summary is not None
    assert [sentence.doubt for sentence in summary.sentences] == doubts


async def test_what_broke_off_is_not_stored(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    desk.model = _Model(SummarySentence("Half.", (1,)), breaks=True)  # type: ignore[assignment]
    with pytest.raises(ModelFailed):
        await summarized(desk, cast, case_id)
    assert await stored(desk, case_id) is None
    await summaries.extract(desk, cast.maria, case_id)
    assert await stored(desk, case_id) is not None


async def test_a_message_that_comes_after_makes_it_stale(desk: Desk, cast: Cast) -> None:
    found = await a_case(desk, cast)
    case_id = id_of(found)
    await summaries.extract(desk, cast.maria, case_id)

    async def is_stale() -> bool:
        async with desk.database.reading() as session:
            shown = await case(session, cast.maria, found.queue, case_id)
        assert shown is not None
        return shown.summary.stale

    assert not await is_stale()
    await conversations.add_message(
        desk, cast.lina, found.conversation_id, Speaker.USER, "And another thing"
    )
    assert await is_stale()
    await summaries.extract(desk, cast.maria, case_id)
    assert not await is_stale()


async def test_a_summary_that_took_long_does_not_hide_one_that_read_more(
    desk: Desk, cast: Cast
) -> None:
    found = await a_case(desk, cast)
    case_id = id_of(found)
    slow = _Model(SummarySentence("Charged twice.", (1,)))

    async def meanwhile() -> None:
        await conversations.add_message(
            desk, cast.lina, found.conversation_id, Speaker.USER, "I lost my card, too."
        )
        desk.model = None
        await summarized(desk, cast, case_id)

    slow.meanwhile = meanwhile
    desk.model = slow  # type: ignore[assignment]
    await summarized(desk, cast, case_id)
    shown = (await case_file(desk, cast.maria, case_id)).summary
    assert shown is not None
    assert (shown.source, shown.message_count) == (SummarySource.EXTRACT, 2)
    assert not (await case_file(desk, cast.maria, case_id)).summary_is_stale


async def test_of_two_that_read_as_much_the_latest_is_shown(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast))
    await summaries.extract(desk, cast.maria, case_id)
    desk.model = _Model(SummarySentence("Charged twice.", (1,)))  # type: ignore[assignment]
    await summarized(desk, cast, case_id)
    shown = await stored(desk, case_id)
    assert shown is not None
    assert shown.source is SummarySource.AI


@pytest.mark.parametrize("told", [0, 1, 2])
async def test_whoever_loses_the_right_is_told_no_more_and_nothing_is_stored(
    desk: Desk, cast: Cast, told: int
) -> None:
    case_id = id_of(await a_case(desk, cast))
    desk.model = _Model(  # type: ignore[assignment]
        SummarySentence("Charged twice.", (1,)), SummarySentence("Angry.", (1,))
    )
    heard = []
    with pytest.raises(NoSuchCase):  # noqa: PT012 - the right goes between two sentences
        coming = summaries.summarize(desk, cast.omar, case_id)
        for _ in range(told):
            heard.append(await anext(coming))
        await grant(desk, {"omar": Scope(frozenset({"Booking"}), None)})
        async for sentence in coming:
            heard.append(sentence)
    assert len(heard) == told
    assert await stored(desk, case_id) is None


async def test_what_the_desk_said_by_itself_is_no_part_of_the_extract(
    desk: Desk, cast: Cast
) -> None:
    now = await settings.read(desk, cast.lina)
    bundle = replace(demo_bundle(now.draft), response="We cancelled all other work for this case.")
    revision = await settings.save(desk, cast.lina, now.revision, bundle)
    talk = await conversations.start(desk, cast.lina, Queue.PREVIEW, "talk", {})
    assert talk.id is not None
    for speaker, text in [
        (Speaker.AGENT, "Unfortunately the refund of order A-1 failed."),
        (Speaker.USER, "I am furious! You charged me twice and I want my money back RIGHT NOW!"),
    ]:
        heard = await conversations.hear(desk, cast.lina, talk.id, speaker, text)
    case_id = id_of(heard.escalation)
    # What it says is told apart even when the settings say something else meanwhile.
    await settings.save(desk, cast.lina, revision, replace(bundle, response="Wait."))
    made = await summaries.extract(desk, cast.admin, case_id)
    assert [sentence.cites for sentence in made.sentences] == [(1,), (2,)]
    assert made.message_count == 3
    async with desk.database.reading() as session:
        shown = await case(session, cast.admin, Queue.PREVIEW, case_id)
    assert shown is not None
    assert [row.speaker for row in shown.summary.sentences] == ["agent", "user"]


async def test_an_extract_in_another_language_than_the_settings_says_so(
    desk: Desk, cast: Cast
) -> None:
    indonesian = "Saya ditagih dua kali untuk pesanan A-20417 dan mau uang saya kembali segera!"
    for said, language in [(indonesian, "und"), ("I was charged twice for my order.", "en")]:
        case_id = id_of(await a_case(desk, cast, said=said))
        assert (await summaries.extract(desk, cast.maria, case_id)).language == language


async def test_nobody_summarizes_what_they_may_not_see(desk: Desk, cast: Cast) -> None:
    case_id = id_of(await a_case(desk, cast, topic="Booking"))
    with pytest.raises(NoSuchCase):
        await summaries.extract(desk, cast.omar, case_id)
    with pytest.raises(NotPermitted):
        await summaries.extract(desk, cast.agent, case_id)
