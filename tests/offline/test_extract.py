import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.demo.angry_customer import SCRIPT
from escalation_app.domain.detection import Utterance
from escalation_app.domain.grounding import Grounding
from escalation_app.domain.summary import SUMMARY_LIMIT, SummarySentence
from escalation_app.domain.vocabulary import Speaker
from escalation_app.offline.extract.extract import CUT, LONGEST_SENTENCE, MOST_SENTENCES, extract

USER, AGENT = Speaker.USER, Speaker.AGENT


def conversation(*turns: tuple[Speaker, str]) -> list[Utterance]:
    return [Utterance(number, *turn) for number, turn in enumerate(turns, 1)]


def texts(summary: list[SummarySentence]) -> list[str]:
    return [sentence.text for sentence in summary]


UTTERANCES = st.lists(
    st.tuples(st.sampled_from(Speaker), st.text(max_size=300) | st.sampled_from(["Hi!", "谢谢。"])),
    max_size=12,
).map(lambda turns: conversation(*turns))


@given(UTTERANCES, st.integers(1, 2 * SUMMARY_LIMIT))
def test_whatever_was_said_the_extract_fits_cites_and_quotes(
    talk: list[Utterance], limit: int
) -> None:
    summary = extract(talk, limit)
    said = {utterance.number: utterance.text for utterance in talk}
    assert bool(summary) == bool(talk)
    assert len(" ".join(texts(summary))) <= limit
    for sentence in summary:
        (number,) = sentence.cites
        assert sentence.text in said[number] or sentence.text.removesuffix(CUT) in said[number]


@given(UTTERANCES)
def test_it_stands_in_the_conversations_order_and_is_the_same_every_time(
    talk: list[Utterance],
) -> None:
    summary = extract(talk)
    numbers = [sentence.cites[0] for sentence in summary]
    assert numbers == sorted(numbers)
    assert summary == extract(talk)


def test_the_angry_customers_case_is_told() -> None:
    talk = conversation(*SCRIPT)
    summary = extract(talk)
    told = " ".join(texts(summary))
    assert "charged me TWICE for order A-20417" in told
    assert "two charges of $89.90" in told
    assert "This is ridiculous, my rent bounced because of you!" in told
    assert texts(summary)[-1] == "And I want to talk to a real person."
    assert all(not Grounding(talk).check(sentence).doubt for sentence in summary)


def test_small_talk_is_left_out() -> None:
    talk = conversation(
        (USER, "Hello!"),
        (AGENT, "Hello, how can I help?"),
        (USER, "Hi there. My parcel never arrived."),
        (AGENT, "I'm sorry to hear that. Is there anything else that I can do for you?"),
        (USER, "No, thanks for your help. Bye!"),
        (AGENT, "Thank you and goodbye."),
    )
    assert texts(extract(talk)) == ["My parcel never arrived."]


def test_where_there_is_only_small_talk_some_of_it_is_shown() -> None:
    assert texts(extract(conversation((USER, "Hello!")))) == ["Hello!"]
    assert extract(conversation((USER, "Hello!"), (AGENT, "Hi."))) != []


def test_of_nothing_written_there_is_a_sign_that_cites() -> None:
    assert extract(conversation((USER, " "), (USER, "\n"))) == [SummarySentence(CUT, (2,))]
    assert extract([]) == []


def test_what_is_said_over_and_over_is_told_once() -> None:
    talk = conversation(
        (USER, "I want my money back for order A-1."),
        *[(USER, "I WANT my money back for order A-1!!")] * 5,
        (AGENT, "The refund was declined by the bank."),
    )
    assert len(extract(talk)) == 2


def test_the_agents_failure_and_the_last_demand_are_told() -> None:
    talk = conversation(
        (USER, "I need to change my flight. My reservation ID is 1N99U6."),
        (AGENT, "Could you please provide your user ID?"),
        (USER, "It's james_taylor_7043."),
        (AGENT, "Unfortunately, I am unable to remove checked bags from a reservation."),
        (USER, "Then transfer me to a human, please. Thanks!"),
    )
    told = texts(extract(talk))
    assert "Unfortunately, I am unable to remove checked bags from a reservation." in told
    assert told[0] == "I need to change my flight."
    assert told[-1] == "Then transfer me to a human, please."
    assert "My reservation ID is 1N99U6." in told
    assert "Could you please provide your user ID?" not in told


def test_chinese_is_split_at_its_own_full_stops() -> None:
    talk = conversation(
        (USER, "你好。我的订单A-20417被重复扣款了！我要退款。"),
        (AGENT, "抱歉，无法退款。"),
        (USER, "谢谢。"),
    )
    assert texts(extract(talk)) == [
        "我的订单A-20417被重复扣款了！",
        "我要退款。",
        "抱歉，无法退款。",
    ]


def test_indonesian_is_read_too() -> None:
    talk = conversation(
        (USER, "Halo kak, selamat pagi."),
        (USER, "Saya ditagih dua kali untuk pesanan A-20417. Saya mau uang saya kembali segera!"),
        (AGENT, "Mohon maaf, pengembalian dana gagal diproses."),
        (USER, "Terima kasih."),
    )
    told = texts(extract(talk))
    assert len(told) == 3
    assert told[0] == "Saya ditagih dua kali untuk pesanan A-20417."


def test_an_abbreviation_or_an_amount_ends_no_sentence() -> None:
    talk = conversation((USER, "I need Dr. Alexis at 12.30 p.m. for Rp. 150.000 please."))
    assert texts(extract(talk)) == [talk[0].text]


def test_a_long_sentence_ends_after_a_word() -> None:
    talk = conversation((USER, "I want a refund " * 100), (USER, "我要退款" * 500))
    english, chinese = texts(extract(talk))
    assert english.endswith(f" refund{CUT}") or english.endswith(f" want{CUT}")
    assert len(english) <= LONGEST_SENTENCE
    assert len(chinese) == LONGEST_SENTENCE


def test_no_written_character_is_cut_in_half() -> None:
    (only,) = extract(conversation((USER, "e\u0301" * 50)), limit=10)
    assert only.text == "e\u0301" * 4 + CUT


@pytest.mark.parametrize(
    "piece", ["a", "a ", ". ", "。", "\n", "(", "1,", "I want $5. ", "谢谢", "'"]
)
def test_100_000_characters_of_anything_are_read(piece: str) -> None:
    talk = conversation((USER, (piece * 100_000)[:100_000]), (USER, "I want a refund."))
    assert texts(extract(talk))[-1] == "I want a refund."


def test_10_000_messages_are_read_from_both_ends() -> None:
    middle = [(AGENT, f"Unfortunately nothing came of attempt {n}.") for n in range(9_998)]
    talk = conversation(
        (USER, "I want to cancel order A-1."), *middle, (USER, "I demand a supervisor.")
    )
    summary = extract(talk)
    assert summary[0].cites == (1,)
    assert summary[-1].cites == (10_000,)
    assert len(summary) <= MOST_SENTENCES
