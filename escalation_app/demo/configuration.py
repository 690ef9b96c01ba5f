"""The demo's settings: conditions for what its conversations are about, and who sees what."""

from dataclasses import replace

from escalation_app.domain.configuration import Configuration, with_tags
from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.people import EVERYTHING, Scope
from escalation_app.domain.vocabulary import Urgency

OMARS_SCOPE = Scope(topics=frozenset({"Billing", "Refund"}), areas=frozenset({"Payment"}))
TOPICS = ("Account", "Billing", "Booking", "Complaint", "Refund", "Technical")
AREAS = ("Delivery", "Order", "Payment", "Service")
RESPONSE = (
    "I'm sorry about this. I have asked a colleague to look into it. They read our whole "
    "conversation first, so you don't have to tell it again."
)
CONDITIONS = (
    TriggerCondition(
        "Angry customer",
        "User is angry and asks for an urgent refund",
        Urgency.CRITICAL,
        "Billing",
        "Payment",
    ),
    TriggerCondition(
        "Charge not recognised",
        "User does not recognise a charge on their card",
        Urgency.HIGH,
        "Billing",
        "Payment",
    ),
    TriggerCondition(
        "Asks for a refund",
        "User asks for their money back",
        Urgency.MEDIUM,
        "Refund",
        "Payment",
    ),
    TriggerCondition(
        "Asks for a person",
        "User wants to speak to a human being, a manager or a real person",
        Urgency.MEDIUM,
        "Complaint",
        "Service",
    ),
    TriggerCondition(
        "Agent can't find a solution",
        "User says that the answers do not help or that the same problem came back again",
        Urgency.MEDIUM,
        "Technical",
        "Service",
    ),
    TriggerCondition(
        "Identity in doubt",
        "User can't get into their account, or somebody else may have used it",
        Urgency.HIGH,
        "Account",
        "Service",
    ),
)


def demo_bundle(before: Configuration) -> Configuration:
    """The demo's settings upon what is there, which may already know people and tags."""
    bundle = replace(
        before,
        enabled=True,
        conditions=CONDITIONS,
        response=RESPONSE,
        topics=with_tags(before.topics, TOPICS),
        areas=with_tags(before.areas, AREAS),
    )
    granted = {one.username for one in bundle.supervisors}
    for username, scope in (("maria", EVERYTHING), ("omar", OMARS_SCOPE)):
        if username not in granted:
            bundle = bundle.granting(username, scope)
    return bundle
