"""What a user can show in a message, as far as this detector knows."""

from enum import StrEnum


class Signal(StrEnum):
    """The value is the signal's section in the lexicon; `told` is how a reason calls it."""

    ANGER = "anger"
    DISSATISFACTION = "dissatisfaction"
    DISTRESS = "distress"
    ABUSE = "abuse"
    REFUND = "refund"
    HUMAN = "human"
    UNRESOLVED = "unresolved"
    LEAVING = "leaving"
    LEGAL = "legal"
    FRAUD = "fraud"
    OVERCHARGE = "overcharge"
    UNKNOWN_CHARGE = "unknown_charge"
    DELIVERY = "delivery"
    DEFECT = "defect"
    ACCESS = "access"
    DANGER = "danger"
    URGENCY = "urgency"

    @property
    def told(self) -> str:
        return _TOLD[self]

    @property
    def is_emotion(self) -> bool:
        """An emotion lasts for a few messages; an intent is as old as the words that state it."""
        return self in _EMOTIONS

    @property
    def is_minor(self) -> bool:
        """Colours a condition and asks for nothing of its own: "an urgent refund"."""
        return self is Signal.URGENCY

    @property
    def is_wish(self) -> bool:
        """ "No refund yet" is no denial of a wish for one; "I don't want a refund" is."""
        return self not in _EMOTIONS | {Signal.ABUSE, Signal.URGENCY}


_EMOTIONS = frozenset({Signal.ANGER, Signal.DISSATISFACTION, Signal.DISTRESS})
_TOLD = {
    Signal.ANGER: "angry",
    Signal.DISSATISFACTION: "not satisfied",
    Signal.DISTRESS: "worried",
    Signal.ABUSE: "insulting",
    Signal.REFUND: "asks for a refund",
    Signal.HUMAN: "asks for a human",
    Signal.UNRESOLVED: "was not helped after several tries",
    Signal.LEAVING: "wants to cancel or leave",
    Signal.LEGAL: "threatens to go to court or public",
    Signal.FRAUD: "reports fraud, loss or theft",
    Signal.OVERCHARGE: "disputes a charge",
    Signal.UNKNOWN_CHARGE: "does not recognise a charge",
    Signal.DELIVERY: "misses a delivery",
    Signal.DEFECT: "reports a defect",
    Signal.ACCESS: "can't get into the account",
    Signal.DANGER: "speaks of danger or harm",
    Signal.URGENCY: "in a hurry",
}
