"""The model judges, or fails by name: whatever the server does, and whatever the answer says."""

import logging

import pytest

from escalation_app.domain.detection import Detection, Detector, JudgeFailed
from escalation_app.domain.model_failures import ModelFailure
from escalation_app.domain.vocabulary import Urgency
from escalation_app.integrations.model.language_model import LanguageModel
from tests.integrations.angry_conversation import ANGRY, AREAS, CALM, CONDITIONS, DEWI, TOPICS
from tests.servers.fake_openai import FakeOpenAI


async def judged(model: LanguageModel, conversation=DEWI) -> Detection | None:
    return await model.judge(conversation, CONDITIONS, TOPICS, AREAS)


async def failure(model: LanguageModel) -> JudgeFailed:
    with pytest.raises(JudgeFailed) as caught:
        await judged(model)
    return caught.value


async def test_an_angry_customer_is_recognized(model: LanguageModel) -> None:
    detection = await judged(model)
    assert detection is not None
    assert (detection.trigger, detection.detector) == (ANGRY.label, Detector.AI)
    assert (detection.urgency, detection.topic, detection.area) == (
        Urgency.HIGH,
        "Refund",
        "Payment",
    )
    assert "unacceptable" in detection.reason


async def test_a_calm_customer_meets_no_condition(model: LanguageModel) -> None:
    assert await judged(model, CALM) is None


async def test_without_a_condition_or_a_message_nobody_is_asked(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    assert await model.judge(DEWI, [], TOPICS, AREAS) is None
    assert await model.judge([], CONDITIONS, TOPICS, AREAS) is None
    assert fake_openai.requests() == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("hang", ModelFailure.TIMED_OUT),
        ("hang-midway", ModelFailure.TIMED_OUT),
        ("drip", ModelFailure.TIMED_OUT),
        ("429", ModelFailure.BUSY),
        ("429-long", ModelFailure.BUSY),
        ("429-nonsense", ModelFailure.BUSY),
        ("429-date", ModelFailure.BUSY),
        ("429-late-date", ModelFailure.BUSY),
        ("429-no-year", ModelFailure.BUSY),
        ("429-no-zone", ModelFailure.BUSY),
        ("429-many-digits", ModelFailure.BUSY),
        ("401", ModelFailure.REFUSED),
        ("404", ModelFailure.REFUSED),
        ("500", ModelFailure.BROKEN),
        ("503", ModelFailure.BROKEN),
        ("redirect", ModelFailure.UNUSABLE),
        ("204", ModelFailure.UNUSABLE),
        ("cut", ModelFailure.CUT_OFF),
        ("garbage", ModelFailure.UNUSABLE),
        ("garbage-body", ModelFailure.UNUSABLE),
        ("half-json", ModelFailure.UNUSABLE),
        ("empty", ModelFailure.UNUSABLE),
        ("10mb", ModelFailure.UNUSABLE),
        ("unknown-trigger", ModelFailure.UNUSABLE),
        ("unknown-urgency", ModelFailure.UNUSABLE),
    ],
)
async def test_each_fault_ends_in_its_named_state(
    model: LanguageModel,
    fake_openai: FakeOpenAI,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    kind: ModelFailure,
) -> None:
    fake_openai.suffer(fault)
    failed = await failure(model)
    assert failed.kind is kind
    assert str(failed).startswith("The model")
    logged = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in logged] == [
        f"the model could not judge ({kind.value}): {failed}"
    ]
    assert "A-1042" not in caplog.text
    assert "key-of-the-desk" not in caplog.text


@pytest.mark.parametrize("fault", ["429-once", "500-once"])
async def test_one_hiccup_is_forgiven(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str
) -> None:
    fake_openai.suffer(fault)
    assert await judged(model) is not None
    assert len(fake_openai.requests()) == 2


@pytest.mark.parametrize(
    ("fault", "asked"),
    [("429", 2), ("500", 2), ("503", 2), ("429-long", 1), ("401", 1), ("redirect", 1), ("hang", 1)],
)
async def test_it_is_asked_at_most_twice_and_only_where_that_may_help(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str, asked: int
) -> None:
    fake_openai.suffer(fault)
    await failure(model)
    requests = fake_openai.requests()
    assert len(requests) == asked
    # In particular not where a redirect pointed to, with the key.
    assert {request["path"] for request in requests} == {"/v1/chat/completions"}


@pytest.mark.parametrize("fault", ["fenced", "no-schema"])
async def test_an_endpoint_without_structured_output_is_understood(
    model: LanguageModel, fake_openai: FakeOpenAI, fault: str
) -> None:
    fake_openai.suffer(fault)
    detection = await judged(model)
    assert detection is not None
    assert detection.trigger == ANGRY.label


async def test_an_endpoint_that_rejected_the_schema_is_not_bothered_again(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("no-schema")
    await judged(model)
    await judged(model)
    has_schema = ["response_format" in request["body"] for request in fake_openai.requests()]
    assert has_schema == [True, False, False]


async def test_the_schema_offers_what_exists_and_nothing_else(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    await judged(model)
    [request] = fake_openai.requests()
    form = request["body"]["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"]["properties"]["trigger"]["enum"] == [
        "Angry customer",
        "Asks for a human",
        None,
    ]
    assert request["headers"]["authorization"] == "Bearer key-of-the-desk"


async def test_a_tag_that_nobody_knows_falls_back_to_the_conditions_own(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("unknown-tags")
    detection = await judged(model)
    assert detection is not None
    assert (detection.topic, detection.area) == (ANGRY.topic, ANGRY.area)


async def test_a_reason_is_kept_short_and_storable(
    model: LanguageModel, fake_openai: FakeOpenAI
) -> None:
    fake_openai.suffer("long-reason")
    detection = await judged(model)
    assert detection is not None
    assert len(detection.reason) <= 300
    assert "\x00" not in detection.reason
    assert "\ud800" not in detection.reason
