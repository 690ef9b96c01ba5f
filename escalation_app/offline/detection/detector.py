"""The judge that needs no model: signals and wording, read from condition and conversation."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from escalation_app.domain.detection import Detection, Detector, TriggerCondition, Utterance
from escalation_app.offline.detection.conditions import Demand, requirement
from escalation_app.offline.detection.evidence import GUESSED
from escalation_app.offline.detection.reader import Reader
from escalation_app.offline.detection.reason import Met, reason
from escalation_app.offline.detection.refinement import refined_tag, refined_urgency
from escalation_app.offline.detection.signals import Signal


@dataclass(frozen=True, slots=True)
class _Verdict:
    condition: TriggerCondition
    met: tuple[Met, ...]

    @property
    def support(self) -> tuple[bool, int, int, float]:
        """Said before guessed, more that was required and found, urgency, how strongly it was said."""
        strengths = [part.evidence.strength for part in self.met]
        is_said = max(strengths) > GUESSED
        return is_said, len(self.met), self.condition.urgency.rank, sum(strengths)


# Reading takes a processor: one conversation at a time, and never on the event loop.
_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging")


class OfflineJudge:
    """Always answers, and the same for the same conversation."""

    async def judge(
        self,
        conversation: Sequence[Utterance],
        conditions: Sequence[TriggerCondition],
        topics: Sequence[str],
        areas: Sequence[str],
    ) -> Detection | None:
        """The best supported condition that the user's latest message meets, or None."""
        return await asyncio.get_running_loop().run_in_executor(
            _one_at_a_time, judged, conversation, conditions, topics, areas
        )


def judged(
    conversation: Sequence[Utterance],
    conditions: Sequence[TriggerCondition],
    topics: Sequence[str],
    areas: Sequence[str],
) -> Detection | None:
    """The same, at once."""
    reader = Reader(conversation)
    verdicts = [verdict for each in conditions if (verdict := _verdict(reader, each))]
    if not verdicts:
        return None
    best = max(verdicts, key=lambda verdict: verdict.support)
    return Detection(
        trigger=best.condition.label,
        urgency=refined_urgency(reader, best.condition),
        topic=refined_tag(reader, best.condition.topic, topics),
        area=refined_tag(reader, best.condition.area, areas),
        reason=reason(best.met),
        detector=Detector.OFFLINE,
    )


def _verdict(reader: Reader, condition: TriggerCondition) -> _Verdict | None:
    required = requirement(condition.label, condition.description)
    found = [
        _Verdict(condition, met) for each in required.alternatives if (met := _met(reader, each))
    ]
    return max(found, key=lambda verdict: verdict.support, default=None)


def _met(reader: Reader, demands: Sequence[Demand]) -> tuple[Met, ...]:
    """The evidence for every demand; nothing when one is missing or nothing of it is new."""
    shown = [demand for demand in demands if not all(need.denied for need in demand.any_of)]
    found: list[Met] = []
    for demand in demands:
        if demand in shown:
            part = _strongest(reader, demand)
        elif shown:
            if any(reader.evidence(need) for need in demand.any_of):
                return ()
            continue
        else:
            part = _denied(reader, demand)
        if part is None:
            return ()
        found.append(part)
    return tuple(found) if any(_is_new(reader, part) for part in found) else ()


def _strongest(reader: Reader, demand: Demand) -> Met | None:
    parts = [
        Met(need, evidence)
        for need in demand.any_of
        if not need.denied and (evidence := reader.evidence(need))
    ]
    return max(parts, key=lambda part: part.evidence.strength, default=None)


def _denied(reader: Reader, demand: Demand) -> Met | None:
    """A condition that only says what is not so is met by a user who says that."""
    for need in demand.any_of:
        if isinstance(need.what, Signal) and (evidence := reader.denial(need.what)):
            return Met(need, evidence)
    return None


def _is_new(reader: Reader, part: Met) -> bool:
    """Said since the agent last spoke; anger that lasts and tries that fail are always news."""
    return part.lasts or part.evidence.message.number in reader.turn
