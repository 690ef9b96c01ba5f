"""The summary, sentence by sentence, each with the messages it comes from."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Sequence
from typing import Any

from escalation_app.domain.detection import Utterance
from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.summary import SUMMARY_LIMIT, SummarySentence
from escalation_app.domain.text import without_unstorable
from escalation_app.integrations.model.objects import ObjectReader
from escalation_app.integrations.model.prompt import Prompt, about, as_data
from escalation_app.offline.language import is_another_language

CITES_PER_SENTENCE = 20
# What the model is told: models count badly, and what passes the limit is lost.
ASKED_CHARACTERS = SUMMARY_LIMIT - 70

_TASK = """\
You summarize a conversation between a customer and an AI support agent for the supervisor who \
takes it over: what the customer wants, what happened, what was tried or promised, what is open. \
Write in this language: {language}. At most {limit} characters in all, three to seven sentences.

Write one JSON object a line, one sentence each, and nothing else:
{{"text": "the sentence", "cites": [numbers of the messages that it is taken from]}}

Every sentence cites at least one message. Say only what the cited messages say. Keep numbers, \
amounts, dates and identifiers exactly as they are written there. No links, no markdown, no \
advice, and no claim that something is solved unless the customer says so."""

_REMINDER = "Summarize the transcript in this language: {language}. One JSON object a line."


def prompt(conversation: Sequence[Utterance], language: str) -> Prompt:
    named = as_data(language)
    return about(
        conversation,
        _TASK.format(language=named, limit=ASKED_CHARACTERS),
        _REMINDER.format(language=named),
    )


async def sentences(
    texts: AsyncIterable[str], code: str = ""
) -> AsyncGenerator[SummarySentence, None]:
    """Sentences as they complete, until the next would pass the limit.

    With the ISO 639 code of a language, none is yielded from where it turns into another.

    Raises:
        ModelFailed: After what was yielded; also if that is nothing.
    """
    reader, length, written = ObjectReader(), 0, ""
    async for text in texts:
        for found in reader.read(text):
            for sentence in _sentences_of(found):
                # With the space that stands between two sentences.
                longer = length + len(sentence.text) + (1 if length else 0)
                if longer > SUMMARY_LIMIT:
                    _must_have_come(length > 0)
                    return
                length = longer
                written = f"{written} {sentence.text}"
                await _must_be_in(code, written)
                yield sentence
    if reader.is_inside:
        raise ModelFailed(ModelFailure.UNUSABLE, "it ends within a sentence")
    _must_have_come(length > 0)


async def _must_be_in(code: str, text: str) -> None:
    if not code:
        return
    # In a thread, since the first time loads the identifier's data.
    strays = await asyncio.to_thread(is_another_language, text, code)
    if strays:
        raise ModelFailed(ModelFailure.UNUSABLE, "it is in another language")


def _must_have_come(any_sentence: bool) -> None:
    if not any_sentence:
        raise ModelFailed(ModelFailure.UNUSABLE, "it holds no sentence")


def _sentences_of(found: dict[str, Any]) -> Iterator[SummarySentence]:
    """One, or all of a wrapper such as {"sentences": [...]}."""
    lists = [value for value in found.values() if isinstance(value, list)]
    objects = lists[0] if "text" not in found and len(lists) == 1 else [found]
    for one in objects:
        text = one.get("text") if isinstance(one, dict) else None
        if not isinstance(text, str):
            raise ModelFailed(ModelFailure.UNUSABLE, "it holds a sentence without text")
        if words := " ".join(without_unstorable(text).split()):
            yield SummarySentence(words, _cites(one.get("cites")))


def _cites(given: Any) -> tuple[int, ...]:
    """Message numbers, once each. Whether they exist, and fit, is checked by the caller."""
    listed = given if isinstance(given, list) else [given]
    numbers = (int(one) for one in listed if _is_number(one))
    return tuple(dict.fromkeys(numbers))[:CITES_PER_SENTENCE]


def _is_number(one: Any) -> bool:
    if isinstance(one, bool) or not isinstance(one, int | str):
        return False
    return str(one).isascii() and str(one).isdigit() and len(str(one)) < 8
