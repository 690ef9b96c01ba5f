"""What was said of each judged message, as rows beside the chat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation_app.domain.detection import Detector
from escalation_app.domain.snapshots import iso
from escalation_app.services.conversations import Heard

DETECTING = "detecting"
# Longer than any judge may take, so whoever has not answered by then never will.
PATIENCE = timedelta(seconds=90)
KEPT = 50
INTERRUPTED = "Detection was interrupted."
CHANGED = "The settings changed while it was judged."


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind`: detecting, met, none, joined, or dropped or unjudged with the sentence why in `reason`.

    `again` says that judging it again may help, `stepped_in` is the model's failure, when the
    offline detector judged in its place.
    """

    number: int = 0
    kind: str = DETECTING
    trigger: str = ""
    reason: str = ""
    urgency: str = ""
    topic: str = ""
    area: str = ""
    detector: str = ""
    took_ms: int = 0
    stepped_in: str = ""
    case_id: int = 0
    since: str = ""
    again: bool = False


def detecting(number: int, now: datetime) -> Verdict:
    return Verdict(number, since=iso(now))


def unjudged(number: int, why: str) -> Verdict:
    return Verdict(number, "unjudged", reason=why)


def interrupted(number: int, why: str = INTERRUPTED) -> Verdict:
    """Not judged, by what may be over by now."""
    return Verdict(number, "unjudged", reason=why, again=True)


def verdict_of(heard: Heard, quiet: str) -> Verdict:
    """What came of a message of the end user; `quiet` is why its queue opens no case, if so."""
    number, case = heard.message.number, heard.escalation
    case_id = (case.id or 0) if case else 0
    judgement = heard.judgement
    if judgement is None:
        return (
            Verdict(number, "joined", case_id=case_id)
            if case_id
            else unjudged(number, quiet or "Escalation was switched off.")
        )
    base = Verdict(
        number,
        "none",
        detector=name_of(judgement.detector),
        took_ms=judgement.took_ms,
        stepped_in=judgement.model_failure,
        case_id=case_id,
    )
    found = judgement.detection
    if found is None:
        return base
    if case is None:
        return replace(base, kind="dropped", reason=CHANGED)
    return replace(
        base,
        kind="met",
        trigger=found.trigger,
        reason=found.reason,
        urgency=found.urgency.value,
        topic=found.topic,
        area=found.area,
    )


def with_verdict(verdicts: Sequence[Verdict], new: Verdict) -> list[Verdict]:
    """The rows, newest message first, one for each message."""
    others = [one for one in verdicts if one.number != new.number]
    return sorted([*others, new], key=lambda one: -one.number)[:KEPT]


def without_forgotten(verdicts: Sequence[Verdict], now: datetime) -> list[Verdict]:
    """A judge that ended with its process will not answer any more."""
    return [interrupted(one.number) if _is_forgotten(one, now) else one for one in verdicts]


def _is_forgotten(verdict: Verdict, now: datetime) -> bool:
    return verdict.kind == DETECTING and verdict.since < iso(now - PATIENCE)


def name_of(detector: Detector) -> str:
    match detector:
        case Detector.AI:
            return "AI model"
        case Detector.OFFLINE:
            return "Offline detector"
