"""Urgency, topic and area: the condition's own, unless the conversation clearly says otherwise."""

from collections.abc import Sequence

from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.vocabulary import Urgency
from escalation_app.offline.detection.anger import SEVERE
from escalation_app.offline.detection.conditions import names
from escalation_app.offline.detection.reader import Reader
from escalation_app.offline.detection.signals import Signal
from escalation_app.offline.detection.wording import places, stems

LOOKED_BACK = 4
CLEARLY = 2
_RAISING = (Signal.URGENCY, Signal.LEGAL, Signal.DANGER)
_IMPLIED = {
    Signal.REFUND: "refund payment billing",
    Signal.OVERCHARGE: "billing payment invoice charge",
    Signal.UNKNOWN_CHARGE: "billing payment fraud charge",
    Signal.DELIVERY: "delivery shipping",
    Signal.FRAUD: "fraud security",
    Signal.ACCESS: "account login access",
    Signal.LEGAL: "legal",
    Signal.DEFECT: "product quality",
}


def refined_urgency(reader: Reader, condition: TriggerCondition) -> Urgency:
    """One step up for haste, a threat or severe anger that the condition doesn't name itself."""
    text = f"{condition.label}. {condition.description}"
    anger = reader.of(Signal.ANGER)
    is_raised = (anger is not None and anger.strength >= SEVERE) or any(
        reader.of(signal) is not None and not names(text, signal) for signal in _RAISING
    )
    rank = condition.urgency.rank + is_raised
    return Urgency.from_rank(min(rank, Urgency.CRITICAL.rank))


def refined_tag(reader: Reader, own: str, offered: Sequence[str]) -> str:
    """The one of those offered that the last messages clearly speak of, else the condition's."""
    mentions = {tag: _mentions(reader, tag) for tag in dict.fromkeys(offered)}
    others = {tag: count for tag, count in mentions.items() if tag.lower() != own.lower()}
    if not others or _mentions(reader, own) > 0:
        return own
    best = max(others, key=lambda tag: others[tag])
    is_clear = others[best] >= CLEARLY and list(others.values()).count(others[best]) == 1
    return best if is_clear else own


def _mentions(reader: Reader, tag: str) -> int:
    """Messages that name the tag, and signals that imply it."""
    sought = set(stems(tag))
    if not sought:
        return 0
    named = sum(
        len(places(message, sought)) == len(sought) for message in reader.user[-LOOKED_BACK:]
    )
    implied = sum(
        bool(sought & set(stems(words))) and reader.of(signal) is not None
        for signal, words in _IMPLIED.items()
    )
    return named + implied
