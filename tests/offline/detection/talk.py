"""Conversations written down as a test reads them, and what the offline judge says of them."""

import asyncio

from escalation_app.domain.detection import Detection, TriggerCondition, Utterance
from escalation_app.domain.vocabulary import Speaker, Urgency
from escalation_app.offline.detection import OfflineJudge

TOPICS = ("Billing", "Refund", "Complaint", "Delivery")
AREAS = ("Payment", "Order", "Delivery", "Support")


def condition(
    description: str, label: str = "Condition", urgency: Urgency = Urgency.MEDIUM
) -> TriggerCondition:
    return TriggerCondition(label, description, urgency, "Complaint", "Support")


ANGRY = condition("User is angry", "Angry customer")
REFUND = condition("User asks for a refund", "Refund request")
HUMAN = condition("User wants to talk to a person", "Asks for a human")
ANGRY_REFUND = condition("User is angry and asks for an urgent refund", "Angry refund")
UNRESOLVED = condition("The agent could not help after several tries", "Repeated failure")
LEGAL = condition("Threatens to cancel or take legal action", "Threat")
FRAUD = condition("Fraud / lost or stolen card", "Fraud")
ZIPPER = condition("User mentions a broken zipper", "Zipper")
UNHAPPY = condition("User is not satisfied", "Unhappy")
ALL = (ANGRY, REFUND, HUMAN, ANGRY_REFUND, UNRESOLVED, LEGAL, FRAUD, ZIPPER, UNHAPPY)


def conversation(*lines: str) -> list[Utterance]:
    """Lines of the user; those that begin with "Agent: " are the agent's."""
    return [
        Utterance(number, Speaker.AGENT, line.removeprefix("Agent: "))
        if line.startswith("Agent: ")
        else Utterance(number, Speaker.USER, line)
        for number, line in enumerate(lines, 1)
    ]


def judged(*lines: str, by: tuple[TriggerCondition, ...] = ALL) -> Detection | None:
    return asyncio.run(OfflineJudge().judge(conversation(*lines), by, TOPICS, AREAS))


def meets(wanted: TriggerCondition, *lines: str) -> bool:
    return judged(*lines, by=(wanted,)) is not None
