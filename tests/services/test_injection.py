"""What a transcript orders changes nothing, even when the model does as it is told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from escalation_app.db import configurations
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.people import Person
from escalation_app.domain.text import without_unstorable
from escalation_app.domain.vocabulary import Queue, Speaker, Status, Urgency
from escalation_app.integrations.model.language_model import LanguageModel
from escalation_app.services import conversations, escalations, summaries
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case, id_of
from tests.servers.fake_openai import FakeOpenAI
from tests.services.test_conversations import ANGRY, configure

ATTEMPTS = (Path(__file__).parent / "injection_attempts.txt").read_text().splitlines()


@pytest.fixture
async def with_model(desk: Desk, cast: Cast, fake_openai: FakeOpenAI) -> AsyncIterator[Desk]:
    await configure(desk, cast, publish=True)
    desk.model = model = LanguageModel(base_url=fake_openai.base_url, deadline=10)
    yield desk
    await model.close()


# That a summary was made is history, which the case's row counts.
HISTORY = {"entries", "last_seal", "head_seal"}


async def everything(desk: Desk) -> dict[str, Any]:
    """All that an order could want to change: cases, rights, settings."""
    async with desk.database.reading() as session:
        cases = (await session.execute(select(Escalation).order_by(col(Escalation.id)))).scalars()
        people = (await session.execute(select(Person).order_by(col(Person.id)))).scalars()
        return {
            "cases": {case.id: case.model_dump(exclude=HISTORY) for case in cases},
            "people": [person.model_dump() for person in people],
            "settings": await configurations.in_force(session),
            "head": await configurations.head(session),
        }


async def summarized(desk: Desk, cast: Cast, case_id: int) -> list[str]:
    """The sentences that a supervisor sees, of an answer that breaks off those before."""
    came = []
    try:
        async for sentence in summaries.summarize(desk, cast.maria, case_id):
            came.append(sentence.text)
    except ModelFailed:
        pass
    return came


def test_there_are_at_least_fifty_attempts() -> None:
    assert len(ATTEMPTS) >= 50


@pytest.mark.parametrize("way", ["obeys", "obeys-word-for-word"])
async def test_a_summary_by_a_model_that_obeys_changes_nothing(
    with_model: Desk, cast: Cast, fake_openai: FakeOpenAI, way: str
) -> None:
    fake_openai.suffer(way)
    written = 0
    for attempt in ATTEMPTS:
        case_id = id_of(await a_case(with_model, cast, said=attempt))
        await escalations.claim(with_model, cast.maria, case_id)
        before = await everything(with_model)
        sentences = await summarized(with_model, cast, case_id)
        assert await everything(with_model) == before, attempt
        if sentences:
            # Links, images and markup are the characters that they are written with.
            assert sentences[0] == " ".join(without_unstorable(attempt).split())
            written += 1
    assert (written > 40) == (way == "obeys")


@pytest.mark.parametrize("way", ["obeys", "obeys-word-for-word"])
async def test_a_judge_that_obeys_can_only_open_a_case_by_a_condition_of_the_settings(
    with_model: Desk, cast: Cast, fake_openai: FakeOpenAI, way: str
) -> None:
    fake_openai.suffer(way)
    opened = 0
    for number, attempt in enumerate(ATTEMPTS):
        before = await everything(with_model)
        talk = await conversations.start(
            with_model, cast.lina, Queue.PREVIEW, f"attempt-{number}", {}
        )
        heard = await conversations.hear(with_model, cast.lina, talk.id or 0, Speaker.USER, attempt)
        after = await everything(with_model)
        case = after["cases"].pop(heard.escalation.id, None) if heard.escalation else None
        assert after == before, attempt
        if case is not None:
            assert (case["trigger"], case["queue"]) == (ANGRY.label, Queue.PREVIEW)
            assert (case["status"], case["claimed_by"]) == (Status.PENDING, None)
            assert case["urgency"] in set(Urgency)
            assert case["topic"] in {"Billing", "Refund", "Booking"}
            assert case["area"] in {"Payment", "Order"}
            opened += 1
    assert (opened == len(ATTEMPTS)) == (way == "obeys")
