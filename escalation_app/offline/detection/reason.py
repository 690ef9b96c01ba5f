"""One sentence for a supervisor that names the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from escalation_app.offline.detection.conditions import Need
from escalation_app.offline.detection.evidence import Evidence
from escalation_app.offline.detection.signals import Signal

REASON_LIMIT = 300
# Characters of all quotes together, and of one at the most.
_QUOTED = 200
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Met:
    """A need and what shows it."""

    need: Need
    evidence: Evidence

    @property
    def lasts(self) -> bool:
        what = self.need.what
        return isinstance(what, Signal) and (what.is_emotion or what is Signal.UNRESOLVED)


def reason(met: Sequence[Met]) -> str:
    """Such as: Angry (message 5: “…”) and asks for a refund (message 7: “…”)."""
    room = max(20, min(_LONGEST, _QUOTED // len(met)))
    told = " and ".join(_told(part, room) for part in met)
    sentence = f"{told[0].upper()}{told[1:]}."
    return sentence if len(sentence) <= REASON_LIMIT else f"{sentence[: REASON_LIMIT - 1]}…"


def _told(part: Met, room: int) -> str:
    evidence = part.evidence
    speaker = ", the agent" if evidence.is_agents else ""
    where = f"message {evidence.message.number}{speaker}"
    return f"{_name(part.need)} ({where}: “{evidence.quote(room)}”)"


def _name(need: Need) -> str:
    if not isinstance(need.what, Signal):
        return "says what the condition describes"
    return f"denies: {need.what.told}" if need.denied else need.what.told
