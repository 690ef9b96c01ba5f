"""The agent of a test conversation speaks through the model."""

import pytest

from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.reply import REPLY_LIMIT
from escalation_app.integrations.model import reply
from escalation_app.integrations.model.language_model import LanguageModel
from tests.integrations.angry_conversation import DEWI
from tests.servers.fake_openai import FakeOpenAI


async def test_the_agent_asks_for_what_is_missing(model: LanguageModel) -> None:
    assert "order number" in await model.reply(DEWI)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("hang", ModelFailure.TIMED_OUT),
        ("drip", ModelFailure.TIMED_OUT),
        ("429", ModelFailure.BUSY),
        ("500", ModelFailure.BROKEN),
        ("401", ModelFailure.REFUSED),
        ("cut", ModelFailure.CUT_OFF),
        ("garbage-body", ModelFailure.UNUSABLE),
        ("empty", ModelFailure.UNUSABLE),
        ("10mb", ModelFailure.UNUSABLE),
    ],
)
async def test_each_fault_ends_in_its_named_state(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str, kind: ModelFailure
) -> None:
    fake_openai.suffer(fault)
    with pytest.raises(ModelFailed) as caught:
        await model.reply(DEWI)
    assert caught.value.kind is kind


def test_a_long_reply_is_cut_and_shows_it() -> None:
    text = reply.read("na " * 5_000)
    assert len(text) <= REPLY_LIMIT
    assert text.endswith("…")


def test_what_a_model_thinks_aloud_is_not_said_to_the_customer() -> None:
    assert reply.read("<think>He is rude.</think>\n\nHow can I help?") == "How can I help?"


def test_a_reply_of_nothing_storable_is_none() -> None:
    with pytest.raises(ModelFailed):
        reply.read("\x00 \ud800 \n")


async def test_a_model_named_like_a_fault_has_it(fake_openai: FakeOpenAI) -> None:
    model = LanguageModel(base_url=fake_openai.base_url, model="fault:500", deadline=5)
    with pytest.raises(ModelFailed) as caught:
        await model.reply(DEWI)
    await model.close()
    assert caught.value.kind is ModelFailure.BROKEN
