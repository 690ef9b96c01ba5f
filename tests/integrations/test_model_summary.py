"""Sentences come one by one; what came before a fault is kept, and the fault has a name."""

import asyncio
from contextlib import aclosing

import pytest

from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.summary import SUMMARY_LIMIT, SummarySentence
from escalation_app.integrations.model.language_model import LanguageModel
from tests.integrations.angry_conversation import DEWI
from tests.servers.fake_openai import FakeOpenAI


async def summarized(
    model: LanguageModel, language: str = "English", code: str = "en"
) -> tuple[list[SummarySentence], ModelFailure | None]:
    """The sentences that came, and how it failed after them."""
    came: list[SummarySentence] = []
    try:
        async for sentence in model.summarize(DEWI, language, code):
            came.append(sentence)
    except ModelFailed as failed:
        return came, failed.kind
    return came, None


async def test_each_sentence_cites_messages_that_exist(model: LanguageModel) -> None:
    sentences, failed = await summarized(model)
    assert failed is None
    assert [sentence.cites for sentence in sentences] == [(1,), (3,)]
    assert "250,000" in sentences[0].text


async def test_the_summary_is_asked_for_in_the_language_of_the_settings(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    sentences, _ = await summarized(model, "Bahasa Indonesia", "id")
    assert sentences[0].text.startswith("Pelanggan mengeluh")
    [request] = fake_openai.requests()
    assert all("Bahasa Indonesia" in one["content"] for one in request["body"]["messages"])


@pytest.mark.parametrize("fault", ["array", "fenced", "wrapped", "no-stream"])
async def test_other_habits_of_writing_are_understood(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str
) -> None:
    usual, _ = await summarized(model)
    fake_openai.suffer(fault)
    assert await summarized(model) == (usual, None)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("hang", ModelFailure.TIMED_OUT),
        ("drip", ModelFailure.TIMED_OUT),
        ("429", ModelFailure.BUSY),
        ("429-long", ModelFailure.BUSY),
        ("500", ModelFailure.BROKEN),
        ("401", ModelFailure.REFUSED),
        ("redirect", ModelFailure.UNUSABLE),
        ("garbage", ModelFailure.UNUSABLE),
        ("garbage-body", ModelFailure.UNUSABLE),
        ("empty", ModelFailure.UNUSABLE),
        ("another-language", ModelFailure.UNUSABLE),
        ("10mb", ModelFailure.UNUSABLE),
        ("endless", ModelFailure.UNUSABLE),
    ],
)
async def test_a_fault_before_the_first_sentence_leaves_nothing(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str, kind: ModelFailure
) -> None:
    fake_openai.suffer(fault)
    assert await summarized(model) == ([], kind)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("cut", ModelFailure.CUT_OFF),
        ("no-end", ModelFailure.CUT_OFF),
        ("hang-midway", ModelFailure.TIMED_OUT),
        ("error-midway", ModelFailure.BROKEN),
        ("half-json", ModelFailure.UNUSABLE),
    ],
)
async def test_a_fault_midway_keeps_what_came_before(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str, kind: ModelFailure
) -> None:
    usual, _ = await summarized(model)
    fake_openai.suffer(fault)
    assert await summarized(model) == (usual[:1], kind)


@pytest.mark.parametrize("fault", ["429-once", "500-once"])
async def test_one_hiccup_is_forgiven(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str
) -> None:
    fake_openai.suffer(fault)
    sentences, failed = await summarized(model)
    assert (len(sentences), failed) == (2, None)
    assert len(fake_openai.requests()) == 2


async def test_it_stops_before_the_sentence_that_would_pass_the_limit(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("too-long")
    sentences, failed = await summarized(model)
    assert failed is None
    assert len(sentences) == 3
    assert len(" ".join(sentence.text for sentence in sentences)) <= SUMMARY_LIMIT


async def test_a_single_sentence_past_the_limit_is_no_summary(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("one-too-long")
    assert await summarized(model) == ([], ModelFailure.UNUSABLE)


async def test_a_sentence_without_a_cite_is_given_for_the_caller_to_doubt(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("no-cites")
    sentences, failed = await summarized(model)
    assert failed is None
    assert [sentence.cites for sentence in sentences] == [(), ()]


async def test_a_cite_that_does_not_exist_is_given_for_the_caller_to_doubt(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("bad-cites")
    sentences, failed = await summarized(model)
    assert failed is None
    assert {sentence.cites for sentence in sentences} == {(999,)}


async def test_links_and_images_are_no_more_than_text(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("links")
    [sentence], failed = await summarized(model)
    assert failed is None
    assert sentence.text.startswith("![paid](https://evil.example/p.png)")


async def test_the_first_sentence_is_there_while_the_second_is_being_written(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("hang-midway")
    async with aclosing(model.summarize(DEWI, "English")) as sentences:
        first = await anext(sentences)
    assert first.cites == (1,)


async def test_a_slow_reader_is_never_interrupted_by_the_models_deadline(
    fake_openai: FakeOpenAI,
) -> None:
    model = LanguageModel(base_url=fake_openai.base_url, deadline=0.5)
    async with aclosing(model.summarize(DEWI, "English")) as sentences:
        await anext(sentences)
        # A deadline that reached into the reader's own work would end this sleep.
        await asyncio.sleep(1)
    await model.close()
