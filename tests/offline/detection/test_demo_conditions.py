"""What the demo's conditions make of messages that people tried on them."""

import pytest

from escalation_app.demo import angry_customer
from escalation_app.demo.configuration import AREAS, CONDITIONS, TOPICS
from escalation_app.domain.detection import Detection
from escalation_app.domain.vocabulary import Speaker, Urgency
from escalation_app.offline.detection.detector import judged
from tests.offline.detection.talk import REFUND, condition, conversation, meets


def found(*lines: str) -> Detection | None:
    return judged(conversation(*lines), CONDITIONS, TOPICS, AREAS)


@pytest.mark.parametrize(
    "said",
    [
        "Thank you very much, the refund arrived. Everything is fine now.",
        "Thanks, I got my money back.",
        "My refund has arrived, thanks!",
        "I received my refund yesterday, thank you.",
        "The money was refunded this morning. All good.",
        "Terima kasih, uangnya sudah kembali.",
        "Makasih, refund sudah saya terima",
        "Ok, thanks. Bye.",
        "Halo? Ada orang?",
        "Tolong batalkan pesanan saya",
    ],
)
def test_thanks_or_a_greeting_asks_for_no_refund(said: str) -> None:
    assert found(said) is None
    assert found("I want my money back!", "Agent: It is on its way.", said) is None


@pytest.mark.parametrize(
    "said",
    [
        "Thanks, but I still want my refund",
        "Thank you, when will the refund arrive?",
        "I received only half of my refund, give me the rest",
        "The refund has not arrived",
        "I haven't received my refund",
        "Has my refund arrived?",
        "Thanks. Everything is fine now with the first one, please refund the second order too.",
        "Cancel my order and give me my money back",
        "Uang saya belum kembali",
        "Refund belum saya terima",
    ],
)
def test_whoever_still_waits_for_a_refund_is_heard(said: str) -> None:
    assert meets(REFUND, said)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("Ada transaksi yang tidak saya kenal di kartu kredit saya", "Charge not recognised"),
        ("There is a charge on my card that I don't recognise", "Charge not recognised"),
        ("I don't recognize this payment", "Charge not recognised"),
        ("Saya tidak bisa masuk ke akun saya, sepertinya diretas", "Identity in doubt"),
        ("I can't get into my account", "Identity in doubt"),
        ("My account was hacked", "Identity in doubt"),
    ],
)
def test_what_a_condition_describes_is_recognised_in_other_words(said: str, label: str) -> None:
    detection = found(said)
    assert detection is not None
    assert detection.trigger == label


@pytest.mark.parametrize("urgency", [Urgency.LOW, Urgency.MEDIUM])
@pytest.mark.parametrize("said", ["Please cancel my order", "Tolong batalkan pesanan saya"])
def test_a_cancellation_is_no_refund_where_a_condition_is_about_it(
    said: str, urgency: Urgency
) -> None:
    cancels = condition("Pengguna ingin membatalkan pesanan", "Membatalkan pesanan", urgency)
    detection = judged(conversation(said), (*CONDITIONS, cancels), TOPICS, AREAS)
    assert detection is not None
    assert detection.trigger == "Membatalkan pesanan"


def test_an_insult_reports_no_fraud() -> None:
    detection = found("WOI KAPAN SELESAINYA, kalian penipu semua!!!")
    assert detection is None or detection.trigger != "Identity in doubt"


def test_who_was_charged_twice_knows_the_charge() -> None:
    detection = found("I was charged twice for one order")
    assert detection is None or detection.trigger != "Charge not recognised"


def test_the_angry_customer_of_the_demo_is_recognised_as_angry() -> None:
    said: list[str] = []
    for speaker, text in angry_customer.SCRIPT:
        said.append(text if speaker is Speaker.USER else f"Agent: {text}")
        detection = found(*said)
        if detection:
            break
    assert detection is not None
    assert detection.trigger == "Angry customer"
