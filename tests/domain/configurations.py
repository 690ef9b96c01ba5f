"""Bundles for hypothesis: any that could stand in the draft, and a small sound one."""

from hypothesis import strategies as st

from escalation_app.domain.configuration import (
    Configuration,
    ResponseTargets,
    SupervisorScope,
    Webhook,
)
from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.languages import LANGUAGES
from escalation_app.domain.vocabulary import Role, Urgency

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
TAG = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8).filter(
    lambda tag: tag.casefold() != "all"
)
TAGS = st.lists(TAG, max_size=4).map(tuple)
MINUTES = st.integers(1, 43_200)

CONDITIONS = st.builds(
    TriggerCondition,
    label=TEXT,
    description=TEXT,
    urgency=st.sampled_from(Urgency),
    topic=TAG,
    area=TAG,
)
SUPERVISORS = st.builds(
    SupervisorScope, username=TAG, topics=st.none() | TAGS, areas=st.none() | TAGS
)
CONFIGURATIONS = st.builds(
    Configuration,
    enabled=st.booleans(),
    conditions=st.lists(CONDITIONS, max_size=4).map(tuple),
    response=TEXT,
    language=st.sampled_from(list(LANGUAGES)),
    targets=st.builds(ResponseTargets, MINUTES, MINUTES, MINUTES, MINUTES),
    supervisors=st.lists(SUPERVISORS, max_size=4).map(tuple),
    topics=TAGS,
    areas=TAGS,
    webhook=st.builds(Webhook, st.booleans(), TEXT),
)

ROLES = {"maria": Role.SUPERVISOR, "omar": Role.SUPERVISOR, "lina": Role.BUILDER}
ANGRY = TriggerCondition(
    "Angry customer",
    "User is angry and asks for an urgent refund",
    Urgency.CRITICAL,
    "Billing",
    "Payment",
)
SOUND = Configuration(
    enabled=True,
    conditions=(ANGRY,),
    response="A colleague takes over.",
    language="id",
    supervisors=(
        SupervisorScope("maria", None, None),
        SupervisorScope("omar", ("Billing", "Refund"), ("Payment",)),
    ),
    topics=("Billing", "Refund"),
    areas=("Delivery", "Payment"),
    webhook=Webhook(True, "https://example.com/hook"),
)
