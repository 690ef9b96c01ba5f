"""What was said before counts, as far as it should."""

from escalation_app.demo import angry_customer
from escalation_app.domain.detection import Detector
from escalation_app.domain.vocabulary import Speaker, Urgency
from tests.offline.detection.talk import (
    ANGRY,
    ANGRY_REFUND,
    HUMAN,
    REFUND,
    UNRESOLVED,
    condition,
    judged,
    meets,
)


def test_anger_of_a_message_ago_and_a_refund_now_are_one_case() -> None:
    detection = judged("This is ridiculous!", "Agent: I'm sorry.", "I want my money back")
    assert detection is not None
    assert detection.trigger == "Angry refund"
    assert detection.detector is Detector.OFFLINE
    assert detection.reason == (
        "Angry (message 1: “This is ridiculous!”) and asks for a refund "
        "(message 3: “I want my money back”)."
    )


def test_what_the_agent_says_is_no_evidence_of_the_users_mood() -> None:
    assert not meets(ANGRY, "Agent: You sound angry and furious. This is unacceptable!", "Hello")
    assert not meets(REFUND, "Agent: Do you want a refund?", "What are your hours?")


def test_a_user_who_has_calmed_down_is_not_angry_any_more() -> None:
    assert meets(ANGRY, "This is ridiculous!", "Agent: Your number?", "A-20417")
    assert not meets(ANGRY, "This is ridiculous!", "Agent: It is done.", "Oh great, thank you!")


def test_an_old_wish_does_not_fire_again() -> None:
    assert not meets(REFUND, "I want a refund", "Agent: Done.", "What are your opening hours?")
    assert not meets(
        HUMAN, "A human, please", "Agent: Why?", "No need for a human any more, it works"
    )


def test_the_same_message_again_is_a_repeated_complaint() -> None:
    asked = "My card does not work in the shop"
    assert not meets(UNRESOLVED, "My name is Dana Whitfield", "Agent: Hello.", "Hello")
    assert meets(UNRESOLVED, asked, "Agent: Which card?", asked)
    assert not meets(UNRESOLVED, "yes, please", "Agent: Anything else?", "yes, please")


def test_an_agent_that_fails_twice_could_not_help() -> None:
    failing = "Agent: I'm sorry, I can't help with that."
    assert meets(UNRESOLVED, "Change my seat", failing, "My seat, 12 A", failing, "To 14 C")


def test_the_seeded_angry_customer_is_recognised() -> None:
    lines = [
        f"Agent: {text}" if speaker is Speaker.AGENT else text
        for speaker, text in angry_customer.SCRIPT
    ]
    detection = judged(*lines)
    assert detection is not None
    assert detection.trigger == "Angry refund"


def test_haste_and_threats_raise_the_urgency_by_one() -> None:
    low = condition("User asks for a refund", urgency=Urgency.LOW)
    critical = condition("User asks for a refund", urgency=Urgency.CRITICAL)
    calm, hasty = "I want a refund", "I want a refund immediately or my lawyer will call you"
    assert [d.urgency for d in [judged(calm, by=(low,))] if d] == [Urgency.LOW]
    assert [d.urgency for d in [judged(hasty, by=(low,))] if d] == [Urgency.MEDIUM]
    assert [d.urgency for d in [judged(hasty, by=(critical,))] if d] == [Urgency.CRITICAL]


def test_topic_and_area_are_the_conditions_own_unless_others_are_clearly_meant() -> None:
    plain = judged("Let me talk to a human", by=(HUMAN,))
    clear = judged(
        "My delivery is late", "Agent: Yes?", "Let me talk to a human about my delivery", by=(HUMAN,)
    )  # fmt: skip
    assert plain is not None
    assert clear is not None
    assert (plain.topic, plain.area) == ("Complaint", "Support")
    assert (clear.topic, clear.area) == ("Delivery", "Delivery")


def test_the_condition_with_more_evidence_wins_and_the_more_urgent_of_equals() -> None:
    urgent = condition("User asks for a refund", "Urgent", Urgency.HIGH)
    both = judged("I'm furious, give me a refund", by=(urgent, ANGRY_REFUND))
    equal = judged("Could I get a refund?", by=(REFUND, urgent))
    assert both is not None
    assert equal is not None
    assert both.trigger == "Angry refund"
    assert equal.trigger == "Urgent"
