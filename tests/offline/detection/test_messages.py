"""One message, one condition: what users say, and what they say they don't mean."""

import pytest

from escalation_app.domain.detection import TriggerCondition
from tests.offline.detection.talk import (
    ANGRY,
    FRAUD,
    HUMAN,
    LEGAL,
    REFUND,
    UNHAPPY,
    UNRESOLVED,
    ZIPPER,
    meets,
)


@pytest.mark.parametrize(
    ("wanted", "said", "denied"),
    [
        (ANGRY, "I am really angry about this", "I'm not angry at all, just asking"),
        (ANGRY, "I'm so mad at you", "I am not mad, don't worry"),
        (ANGRY, "I'm frustrated", "I'm not frustrated"),
        (ANGRY, "I am furious", "My boss is furious"),
        (ANGRY, "I am angry", "I would be angry if it got lost"),
        (ANGRY, "Saya marah sekali", "Saya tidak marah kok"),
        (ANGRY, "kesel banget gue, dari tadi gak dibales", "gak kesel kok, cuma nanya"),
        (ANGRY, "Saya kecewa sekali", "Saya tidak kecewa, pelayanannya bagus"),
        (ANGRY, "Estoy muy enojado", "No estoy enojado"),
        (REFUND, "I'm asking for a refund", "I'm not asking for a refund"),
        (REFUND, "I want a refund", "I don't want a refund, just a replacement"),
        (REFUND, "I need a refund", "There is no need for a refund"),
        (REFUND, "Saya mau minta refund", "Saya gak minta refund"),
        (REFUND, "Mau refund dong", "bukan mau refund, cuma tanya status"),
        (REFUND, "tolong kembalikan uang saya", "tidak usah dikembalikan uangnya"),
        (REFUND, "Quiero un reembolso", "No quiero un reembolso"),
        (HUMAN, "I need to talk to a person", "I don't need to talk to a person"),
        (HUMAN, "Get me a human", "No need for a human"),
        (HUMAN, "I want to speak with an agent", "I don't want to speak with an agent"),
        (HUMAN, "saya mau bicara dengan manusia", "saya tidak perlu bicara dengan manusia"),
        (HUMAN, "bisa bicara dengan cs?", "gak perlu bicara dengan cs"),
        (HUMAN, "sambungkan ke operator", "tidak usah disambungkan ke operator"),
        (UNHAPPY, "I'm not satisfied with this", "I'm satisfied with this"),
        (UNHAPPY, "saya tidak puas", "saya puas"),
        (ZIPPER, "The zipper of my jacket broke", "The zipper is not broken"),
    ],
)
def test_a_user_who_says_so_meets_it_and_one_who_denies_it_does_not(
    wanted: TriggerCondition, said: str, denied: str
) -> None:
    assert meets(wanted, said)
    assert not meets(wanted, denied)


@pytest.mark.parametrize(
    "said",
    [
        "This is ridiculous, I've had enough",
        "WHERE IS MY ORDER",
        "You are useless idiots",
        "What is wrong with you!?",
        "Pelayanan kalian payah banget!!",
        "SAYA SUDAH MENUNGGU DARI PAGI, MANA PESANAN SAYA",
        "Aplikasi sampah, gak guna!",
        "Dasar penipu!",
    ],
)
def test_shouting_and_insults_are_anger(said: str) -> None:
    assert meets(ANGRY, said)


@pytest.mark.parametrize(
    "said",
    [
        "Thank you so much, great service",
        "THANK YOU SO MUCH",
        "Where is my order?",
        "My ID is ABC123 XYZ",
        "Halo, pesanan saya belum sampai, mohon dibantu ya",
        "Terima kasih banyak kak",
    ],
)
def test_a_polite_user_is_not_angry(said: str) -> None:
    assert not meets(ANGRY, said)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (REFUND, "I want my $89.90 back TODAY"),
        (REFUND, "Why haven't you refunded me?"),
        (REFUND, "I still have no refund"),
        (REFUND, "uang saya kembali dong"),
        (REFUND, "balikin duit gue"),
        (REFUND, "dana saya belum dikembalikan"),
        (HUMAN, "representative"),
        (HUMAN, "get me your supervisor"),
        (HUMAN, "mau ngomong sama orang asli"),
        (HUMAN, "saya gak mau ngomong sama bot"),
        (HUMAN, "cs nya mana?"),
        (UNRESOLVED, "I already told you my order number"),
        (UNRESOLVED, "ini udah ketiga kalinya"),
        (LEGAL, "I will cancel my subscription"),
        (LEGAL, "My lawyer will contact you"),
        (LEGAL, "saya akan lapor polisi"),
        (FRAUD, "someone stole my wallet"),
        (FRAUD, "kartu saya hilang"),
    ],
)
def test_a_wish_is_heard_however_it_is_put(wanted: TriggerCondition, said: str) -> None:
    assert meets(wanted, said)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (REFUND, "I want to come back tomorrow"),
        (REFUND, "saya kembali lagi nanti"),
        (HUMAN, "How many people can stay in the room?"),
        (HUMAN, "I talked to my wife about the order"),
        (HUMAN, "orang tua saya mau ikut"),
        (FRAUD, "my card has arrived"),
        (ZIPPER, "my jacket is blue"),
    ],
)
def test_the_same_words_with_another_sense_are_left_alone(
    wanted: TriggerCondition, said: str
) -> None:
    assert not meets(wanted, said)
