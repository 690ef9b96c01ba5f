"""A builder tries the settings as an end user: nothing said is lost, and each verdict is explained."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from escalation_app.demo import angry_customer
from escalation_app.demo.configuration import RESPONSE, demo_bundle
from escalation_app.domain.conversation import Conversation, Message
from escalation_app.domain.detection import JudgeFailed
from escalation_app.domain.escalation import Escalation
from escalation_app.domain.refusals import InvalidInput, NoSuchConversation, NotSignedIn
from escalation_app.domain.snapshots import iso
from escalation_app.domain.text import MESSAGE_LIMIT
from escalation_app.domain.vocabulary import Queue, Speaker
from escalation_app.services import conversations, settings
from escalation_app.services.desk import Desk
from escalation_app.state import guard
from escalation_app.state import live as live_state
from escalation_app.state.conversation import ANGRY_CUSTOMER
from escalation_app.state.conversation_screen import Answering, Sent
from escalation_app.state.live import Live
from escalation_app.state.verdicts import PATIENCE
from tests.cast import Cast
from tests.state.fake_app import FakeApp
from tests.state.tab import ConversationTab, tab_of

NAMES, VALUES = list(angry_customer.PROFILE), list(angry_customer.PROFILE.values())
CALM = "Hello, what are your opening hours on Sunday?"
ANGRY = "I am furious! You charged me twice and I want my money back RIGHT NOW!"


class ModelThatWaits:
    """A model that answers when it is told to, and fails then."""

    def __init__(self) -> None:
        self.may_answer, self.is_asked = asyncio.Event(), asyncio.Event()

    async def judge(self, *_: Any) -> None:
        self.is_asked.set()
        await self.may_answer.wait()
        raise JudgeFailed("The model has a fault of its own.")

    async def reply(self, *_: Any) -> str:
        return "I am the model."


class Ending:
    """A judge whose process ends before it has judged."""

    async def judge(self, *_: Any) -> None:
        raise asyncio.CancelledError


@pytest.fixture
async def configured(desk: Desk, cast: Cast) -> Desk:
    now = await settings.read(desk, cast.lina)
    revision = await settings.save(desk, cast.lina, now.revision, demo_bundle(now.draft))
    await settings.publish(desk, cast.lina, revision)
    return desk


@pytest.fixture
async def lina(
    configured: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ConversationTab]:
    monkeypatch.setattr(guard, "_desk", configured)
    live_state.install(Live(FakeApp(), configured))
    tab = await tab_of(configured, cast.lina)
    await tab.opens("/conversation")
    yield tab
    live_state.install(None)


async def starts_empty(tab: ConversationTab, queue: str = "preview") -> None:
    await tab.does("start", "empty", queue, ["name"], ["Dana"])


async def count(desk: Desk, table: type[Any]) -> int:
    async with desk.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_what_is_said_is_stored_and_shown_before_anybody_judges_it(
    lina: ConversationTab, configured: Desk
) -> None:
    await starts_empty(lina)
    await lina.says(ANGRY, "first")
    assert lina.texts() == [ANGRY]
    assert lina.state.sent.key == "first"
    assert [row.kind for row in lina.state.verdicts] == ["detecting"]
    assert await count(configured, Escalation) == 0
    await lina.settles()
    assert await count(configured, Escalation) == 1


async def test_the_angry_customer_opens_a_case_that_says_why_and_leads_to_its_queue(
    lina: ConversationTab, configured: Desk
) -> None:
    await lina.does("start", ANGRY_CUSTOMER, "preview", NAMES, VALUES)
    for _ in angry_customer.SCRIPT:
        await lina.settles()
        await lina.does("next_message", lina.state.conversation_id, lina.state.script_step)
    async with configured.database.reading() as session:
        (case,) = (await session.execute(select(Escalation))).scalars().all()
    assert case.queue is Queue.PREVIEW
    assert case.profile == angry_customer.PROFILE
    met = next(row for row in lina.state.verdicts if row.kind == "met")
    assert (met.trigger, met.reason, met.case_id) == (case.trigger, case.reason, case.id)
    assert met.detector == "Offline detector"
    assert lina.state.case_href == f"/queue/preview?case={case.id}"
    assert RESPONSE in lina.texts()
    assert lina.texts()[-1] == angry_customer.SCRIPT[-1][1]
    later = [row for row in lina.state.verdicts if row.number > met.number]
    assert later
    assert {(row.kind, row.case_id) for row in later} == {("joined", case.id)}


async def test_a_calm_message_opens_nothing_and_the_agent_answers(
    lina: ConversationTab, configured: Desk
) -> None:
    await starts_empty(lina)
    await lina.says(CALM)
    await lina.settles()
    assert [row.kind for row in lina.state.verdicts] == ["none"]
    assert [message.speaker for message in lina.state.messages] == ["user", "agent"]
    assert await count(configured, Escalation) == 0
    assert lina.state.answering == []


async def test_the_agent_is_silent_once_people_have_the_conversation(lina: ConversationTab) -> None:
    await starts_empty(lina)
    for text in (ANGRY, "Hello? Anybody there?"):
        await lina.says(text)
        await lina.settles()
    assert lina.texts() == [ANGRY, RESPONSE, "Hello? Anybody there?"]


async def test_a_model_that_thinks_holds_up_nothing_and_the_desk_steps_in(
    lina: ConversationTab, configured: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ModelThatWaits()
    monkeypatch.setattr(guard, "_desk", replace(configured, model=model))
    await starts_empty(lina)
    await lina.says(ANGRY)
    thinking = asyncio.create_task(lina.settles())
    await asyncio.sleep(0)
    await lina.says("And hurry up.")
    assert lina.texts() == [ANGRY, "And hurry up."]
    model.may_answer.set()
    await thinking
    await lina.settles()
    first = lina.state.verdicts[-1]
    assert (first.number, first.kind, first.detector) == (1, "met", "Offline detector")
    assert first.stepped_in == "The model has a fault of its own."


async def test_an_agent_that_ended_with_its_process_is_not_waited_for(
    lina: ConversationTab, configured: Desk
) -> None:
    await starts_empty(lina)
    now = configured.clock()
    too_long_ago = now - PATIENCE - timedelta(seconds=1)
    lina.state.answering = [Answering(1, iso(too_long_ago)), Answering(2, iso(now))]
    await lina.says(CALM)
    assert [one.number for one in lina.state.answering] == [2]


async def test_only_the_latest_message_is_answered(lina: ConversationTab) -> None:
    await starts_empty(lina)
    await lina.says(CALM)
    await lina.says("I mean the shop in Leeds.")
    await lina.settles()
    assert [message.speaker for message in lina.state.messages] == ["user", "user", "agent"]


async def test_a_message_sent_again_is_stored_once(lina: ConversationTab) -> None:
    await starts_empty(lina)
    await lina.says(CALM, "the same key")
    await lina.says(CALM, "the same key")
    assert lina.texts() == [CALM]


async def test_a_message_sent_again_after_its_worker_died_is_stored_once_and_judged(
    lina: ConversationTab, configured: Desk
) -> None:
    await starts_empty(lina)
    await lina.says(ANGRY, "the same key")
    lina.waiting.clear()
    lina.state.sent = Sent()
    await lina.says(ANGRY, "the same key")
    assert lina.texts() == [ANGRY]
    await lina.settles()
    assert await count(configured, Escalation) == 1


async def test_a_message_sent_again_is_answered_once(lina: ConversationTab) -> None:
    await starts_empty(lina)
    await lina.says(CALM, "the same key")
    await lina.settles()
    lina.state.sent = Sent()
    await lina.says(CALM, "the same key")
    await lina.settles()
    assert [message.speaker for message in lina.state.messages] == ["user", "agent"]


async def test_a_judge_that_was_lost_can_be_asked_again(
    lina: ConversationTab, configured: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await starts_empty(lina)
    number = lina.state.conversation_id
    await lina.says(ANGRY)
    lina.waiting.clear()
    await lina.does("judge_again", number, 1)
    assert lina.waiting == []
    later = replace(configured, clock=lambda: configured.clock() + PATIENCE * 2)
    monkeypatch.setattr(guard, "_desk", later)
    await lina.does("judge_again", number, 1)
    assert [row.kind for row in lina.state.verdicts] == ["detecting"]
    await lina.settles()
    assert [row.kind for row in lina.state.verdicts] == ["met"]
    assert lina.texts() == [ANGRY, RESPONSE]
    await lina.does("judge_again", number, 1)
    assert lina.waiting == []


async def test_what_could_not_be_judged_offers_to_be_judged_again(
    lina: ConversationTab, configured: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await starts_empty(lina)
    await lina.says(ANGRY)
    monkeypatch.setattr(guard, "_desk", replace(configured, model=Ending()))
    with pytest.raises(asyncio.CancelledError):
        await lina.settles()
    assert lina.state.verdicts[0].again
    monkeypatch.setattr(guard, "_desk", configured)
    await lina.does("judge_again", lina.state.conversation_id, 1)
    await lina.settles()
    assert [row.kind for row in lina.state.verdicts] == ["met"]


async def test_settings_that_change_while_it_is_judged_are_said(
    lina: ConversationTab, configured: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ModelThatWaits()
    monkeypatch.setattr(guard, "_desk", replace(configured, model=model))
    await starts_empty(lina)
    await lina.says(ANGRY)
    thinking = asyncio.create_task(lina.settles())
    await model.is_asked.wait()
    now = await settings.read(configured, cast.lina)
    await settings.save(configured, cast.lina, now.revision, replace(now.draft, enabled=False))
    model.may_answer.set()
    await thinking
    (verdict,) = lina.state.verdicts
    assert (verdict.kind, verdict.case_id) == ("dropped", 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * (MESSAGE_LIMIT + 1), "The message is longer than 100,000 characters."),
        ("half \x00 said", "NUL"),
        ("half \ud800 said", "half a character"),
        (" \n ", "Please write a message first."),
    ],
    ids=["too long", "NUL", "lone surrogate", "blank"],
)
async def test_what_cant_be_stored_is_refused_in_words_to_the_box(
    lina: ConversationTab, text: str, sentence: str
) -> None:
    await starts_empty(lina)
    await lina.says(text, "key")
    assert lina.state.sent.key == "key"
    assert sentence in lina.state.sent.refusal
    assert lina.texts() == []
    await lina.says("Said better", "another key")
    assert lina.state.sent.refusal == ""
    assert lina.texts() == ["Said better"]


async def test_a_hundred_thousand_characters_are_said_whole(lina: ConversationTab) -> None:
    await starts_empty(lina)
    await lina.says("€" * MESSAGE_LIMIT)
    assert [len(text) for text in lina.texts()] == [MESSAGE_LIMIT]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("say", (1, ["not text"], "key")),
        ("say", (True, "text", "key")),
        ("say", (10**30, "text", "key")),
        ("say", (0, "text", "key")),
        ("say", (1, "text", "k" * 65)),
        ("say", (1,)),
        ("next_message", ("1; drop table", 1)),
        ("next_message", (-1, 1)),
        ("judge", (1, 1, "yes")),
        ("judge", (1, 10**12, True)),
        ("judge_again", (1, "1")),
        ("judge_again", (0, 1)),
        ("choose", ("everything",)),
        ("choose", ({},)),
        ("start", ("empty", "published ", [], [])),
        ("start", ("empty", "preview", ["a"], [])),
        ("start", ("empty", "preview", "ab", "cd")),
    ],
)
async def test_arguments_that_no_page_sends_are_refused_and_nothing_is_stored(
    lina: ConversationTab, configured: Desk, name: str, arguments: tuple[Any, ...]
) -> None:
    with pytest.raises(InvalidInput):
        await lina.does(name, *arguments)
    assert await count(configured, Conversation) == 0


async def test_nobody_can_have_a_message_judged_that_their_tab_did_not_store(
    lina: ConversationTab, configured: Desk, cast: Cast
) -> None:
    started = await conversations.start(configured, cast.lina, Queue.PREVIEW, "elsewhere", {})
    await conversations.add_message(configured, cast.lina, started.id or 0, Speaker.USER, ANGRY)
    await lina.does("judge", started.id, 1, True)
    assert await count(configured, Escalation) == 0
    assert await count(configured, Message) == 1


async def test_reloading_shows_the_same_chat(
    lina: ConversationTab, configured: Desk, cast: Cast
) -> None:
    await starts_empty(lina)
    assert lina.went_to == f"/conversation?queue=preview&id={lina.state.conversation_id}"
    await lina.says(ANGRY)
    await lina.settles()
    shown = (lina.texts(), lina.state.case_id, lina.state.profile)
    await lina.opens(lina.went_to)
    assert [row.kind for row in lina.state.verdicts] == ["met"]
    admin = await tab_of(configured, cast.admin)
    await admin.opens(lina.went_to)
    assert (admin.texts(), admin.state.case_id, admin.state.profile) == shown


async def test_what_another_tab_said_is_there_with_the_next_step(
    lina: ConversationTab, configured: Desk, cast: Cast
) -> None:
    await starts_empty(lina)
    number = lina.state.conversation_id
    await conversations.add_message(configured, cast.admin, number, Speaker.USER, "From afar")
    await lina.says(CALM)
    assert lina.texts() == ["From afar", CALM]


@pytest.mark.parametrize("named", ["999999", "nonsense", "-1", "1e3", "9" * 40])
async def test_a_conversation_that_does_not_exist_is_said_and_the_page_stays(
    lina: ConversationTab, named: str
) -> None:
    await starts_empty(lina)
    await lina.opens(f"/conversation?queue=published&id={named}")
    assert lina.state.missing
    assert (lina.state.conversation_id, lina.state.queue) == (0, "published")
    assert lina.texts() == []
    with pytest.raises(NoSuchConversation):
        await lina.does("next_message", 999_999, 1)


async def test_an_address_with_the_wrong_queue_is_put_right(lina: ConversationTab) -> None:
    await starts_empty(lina, "published")
    number = lina.state.conversation_id
    await lina.opens(f"/conversation?queue=preview&id={number}")
    assert lina.went_to == f"/conversation?queue=published&id={number}"


async def test_a_queue_whose_escalation_is_switched_off_says_so(
    lina: ConversationTab, configured: Desk, cast: Cast
) -> None:
    now = await settings.read(configured, cast.lina)
    await settings.save(configured, cast.lina, now.revision, replace(now.draft, enabled=False))
    await lina.opens("/conversation?queue=preview")
    off = "Escalation is switched off in the preview settings."
    assert lina.state.quiet == off
    await lina.does("choose", "published")
    assert lina.state.quiet == ""
    await starts_empty(lina, "preview")
    await lina.says(ANGRY)
    await lina.settles()
    (verdict,) = lina.state.verdicts
    assert (verdict.kind, verdict.reason) == ("unjudged", off)
    assert await count(configured, Escalation) == 0


async def test_a_judge_that_was_interrupted_is_not_waited_for(
    lina: ConversationTab, configured: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await starts_empty(lina)
    await lina.says(ANGRY)
    monkeypatch.setattr(guard, "_desk", replace(configured, model=Ending()))
    with pytest.raises(asyncio.CancelledError):
        await lina.settles()
    (verdict,) = lina.state.verdicts
    assert (verdict.kind, verdict.reason) == ("unjudged", "Detection was interrupted.")
    assert lina.texts() == [ANGRY]


async def test_a_verdict_of_a_conversation_that_was_left_is_not_shown_in_the_next(
    lina: ConversationTab, configured: Desk
) -> None:
    await starts_empty(lina)
    await lina.says(ANGRY)
    left = lina.waiting.pop()
    await starts_empty(lina)
    await lina.says(CALM)
    lina.waiting.insert(0, left)
    await lina.settles()
    assert [row.kind for row in lina.state.verdicts] == ["none"]


async def test_a_supervisor_is_told_that_this_is_not_for_them(
    lina: ConversationTab, configured: Desk, cast: Cast
) -> None:
    await starts_empty(lina)
    await lina.says(CALM)
    maria = await tab_of(configured, cast.maria)
    await maria.opens(f"/conversation?queue=preview&id={lina.state.conversation_id}")
    assert maria.state.barred == "Your role (supervisor) may not write in a conversation."
    assert maria.texts() == []


async def test_nobody_signed_in_is_sent_to_sign_in(lina: ConversationTab) -> None:
    stranger = ConversationTab("no session")
    await stranger.opens("/conversation")
    assert stranger.went_to.startswith("/login")
    with pytest.raises(NotSignedIn):
        await stranger.does("say", 1, "Hello", "key")


async def test_what_is_wrong_with_the_profile_is_told_beside_its_field(
    lina: ConversationTab,
) -> None:
    await lina.does("start", "empty", "preview", ["name", "NAME"], ["Dana", "Lee"])
    wrong = lina.state.wrong_profile
    assert (wrong.place, wrong.sentence) == (1, "The profile has the field “NAME” twice.")
    assert not lina.state.conversation_id
    await lina.does("start", "empty", "preview", ["name"], ["Dana"])
    assert lina.state.wrong_profile.sentence == ""


@pytest.mark.parametrize(
    ("names", "values", "place"),
    [
        (["a"], [{"b": 1}], 0),
        ([None], ["b"], 0),
        (["a\x00"], ["b"], 0),
        (["a", "A "], ["b", "c"], 1),
        (["a", "\u200b"], ["b", "c"], 1),
    ],
)
async def test_a_profile_that_cannot_be_taken_starts_nothing(
    lina: ConversationTab, configured: Desk, names: list[Any], values: list[Any], place: int
) -> None:
    await lina.does("start", "empty", "preview", names, values)
    assert lina.state.wrong_profile.place == place
    assert lina.state.wrong_profile.sentence.endswith(".")
    assert await count(configured, Conversation) == 0


async def test_a_double_click_says_one_message(lina: ConversationTab) -> None:
    await lina.does("start", ANGRY_CUSTOMER, "preview", NAMES, VALUES)
    await lina.settles()
    step, said = lina.state.script_step, len(lina.state.messages)
    for _ in range(2):
        await lina.does("next_message", lina.state.conversation_id, step)
    assert len(lina.state.messages) == said + 1
