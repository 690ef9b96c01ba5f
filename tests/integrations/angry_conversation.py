"""What Dewi said, and what the builders of the desk want to hear of."""

from escalation_app.domain.detection import TriggerCondition, Utterance
from escalation_app.domain.vocabulary import Speaker, Urgency

ANGRY = TriggerCondition(
    label="Angry customer",
    description="User is angry and asks for an urgent refund",
    urgency=Urgency.HIGH,
    topic="Refund",
    area="Payment",
)
HUMAN = TriggerCondition(
    label="Asks for a human",
    description="User wants to talk to a person",
    urgency=Urgency.MEDIUM,
    topic="Complaint",
    area="Order",
)
CONDITIONS = [ANGRY, HUMAN]
TOPICS = ["Billing", "Refund", "Complaint"]
AREAS = ["Payment", "Order", "Delivery"]


def said(*texts: str) -> list[Utterance]:
    """The user and the agent by turns, the user first."""
    speakers = (Speaker.USER, Speaker.AGENT)
    return [
        Utterance(number, speakers[(number - 1) % 2], text) for number, text in enumerate(texts, 1)
    ]


DEWI = said(
    "My order A-1042 was charged twice, 250,000 each time.",
    "I am sorry to hear that. I will look into it.",
    "You said that yesterday! This is unacceptable, I want my refund NOW.",
)
CALM = said("I am not angry at all, I only wonder when my parcel comes.")
