"""What a condition in plain language requires."""

import pytest

from escalation_app.domain.detection import TriggerCondition
from tests.offline.detection.talk import ANGRY_REFUND, ZIPPER, condition, meets

ANGRY_ONLY = "You are useless, I'm furious"
REFUND_ONLY = "Could I get a refund, please?"
BOTH = "I'm furious, give me a refund"


@pytest.mark.parametrize(
    "wanted",
    [
        ANGRY_REFUND,
        condition("Angry customer demanding a refund"),
        condition("Pengguna marah dan meminta pengembalian dana"),
        condition("User is upset and wants the money back"),
    ],
)
def test_and_asks_for_both(wanted: TriggerCondition) -> None:
    assert meets(wanted, BOTH)
    assert not meets(wanted, ANGRY_ONLY)
    assert not meets(wanted, REFUND_ONLY)


@pytest.mark.parametrize(
    "description",
    [
        "User is angry or asks for a refund",
        "Pengguna marah atau meminta pengembalian dana",
        "Anger / refund",
    ],
)
def test_or_asks_for_either(description: str) -> None:
    assert meets(condition(description), ANGRY_ONLY)
    assert meets(condition(description), REFUND_ONLY)
    assert not meets(condition(description), "What time do you open?")


def test_a_verb_after_or_begins_anew_and_a_noun_does_not() -> None:
    noun = condition("User is angry and asks for a refund or a human")
    verb = condition("User is angry and asks for a refund, or wants to speak to a manager")
    assert not meets(noun, "Let me speak to your manager, please")
    assert meets(verb, "Let me speak to your manager, please")


def test_but_not_excludes() -> None:
    wanted = condition("User is angry but does not ask for a refund")
    assert meets(wanted, ANGRY_ONLY)
    assert not meets(wanted, BOTH)


def test_a_condition_that_denies_is_met_by_who_says_that() -> None:
    wanted = condition("User does not want a refund")
    assert meets(wanted, "I don't want a refund, send me a new one")
    assert not meets(wanted, "I want a refund")
    assert not meets(wanted, "Good morning")


def test_the_label_speaks_where_the_description_says_nothing() -> None:
    wanted = condition("When the user does that", label="Refund request")
    assert meets(wanted, REFUND_ONLY)
    assert not meets(wanted, "What time do you open?")


@pytest.mark.parametrize(
    ("description", "said", "not_said"),
    [
        ("User mentions a broken zipper", "the zip broke", "my printer broke"),
        ("User asks about allergies in food", "Is there any meal without an allergen? I'm allergic", "I'm hungry"),
        ("User asks about wedding flowers", "Do you have flowers for our weddings?", "Do you have cakes?"),
        ("Pengguna menyebut ritsleting rusak", "the zipper is broken", "the jacket is blue"),
        ("User mentions a broken zipper", "ritsletingnya rusak", "jaketnya bagus"),
    ],
)  # fmt: skip
def test_what_has_no_name_is_found_by_its_wording(
    description: str, said: str, not_said: str
) -> None:
    assert meets(condition(description), said)
    assert not meets(condition(description), not_said)


def test_the_wording_may_be_spread_over_a_few_messages() -> None:
    assert meets(ZIPPER, "It's about the zipper", "Agent: What about it?", "It is broken")
