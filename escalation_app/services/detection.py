"""Whether a conversation is escalated: asked of the model, and of the desk itself without one."""

import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from escalation_app import measures
from escalation_app.domain.configuration import Configuration
from escalation_app.domain.detection import Detection, Detector, Judge, JudgeFailed, Utterance
from escalation_app.offline.detection import OfflineJudge
from escalation_app.services.desk import Desk

log = logging.getLogger(__name__)
_offline = OfflineJudge()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was judged, by whom, in how many milliseconds.

    `model_failure` says in words why the model did not judge, "" when it did or there is none.
    """

    detection: Detection | None
    detector: Detector
    took_ms: int
    model_failure: str = ""


async def judge(
    desk: Desk, conversation: Sequence[Utterance], configuration: Configuration
) -> Judgement:
    """Judge the conversation by its latest message. Never fails: the desk itself can always judge."""
    started, failure = time.perf_counter(), ""
    if desk.model is not None:
        try:
            detection = await _measured(desk, Detector.AI, conversation, configuration)
            return Judgement(detection, Detector.AI, _ms_since(started))
        except JudgeFailed as error:
            failure = str(error)
    detection = await _measured(desk, Detector.OFFLINE, conversation, configuration)
    return Judgement(detection, Detector.OFFLINE, _ms_since(started), failure)


async def _measured(
    desk: Desk, detector: Detector, conversation: Sequence[Utterance], configuration: Configuration
) -> Detection | None:
    """`judge_by`, and what it took: of what is judged for somebody, not of replays."""
    outcome = "failed"
    with measures.verdict_seconds.labels(detector.value).time():
        try:
            detection = await judge_by(desk, detector, conversation, configuration)
            outcome = "passed" if detection is None else "escalated"
        finally:
            measures.verdicts.labels(detector.value, outcome).inc()
    return detection


async def judge_by(
    desk: Desk, detector: Detector, conversation: Sequence[Utterance], configuration: Configuration
) -> Detection | None:
    """The same by one detector and no other.

    Raises:
        JudgeFailed: The model could not judge, for whatever reason; it is logged.
    """
    asked = (conversation, configuration.conditions, configuration.topics, configuration.areas)
    judges: dict[Detector, Judge | None] = {Detector.AI: desk.model, Detector.OFFLINE: _offline}
    one = judges[detector]
    assert one is not None
    try:
        return await one.judge(*asked)
    except JudgeFailed as failure:
        log.warning("the model did not judge: %s", failure)
        raise
    except Exception as error:
        if detector is Detector.OFFLINE:
            raise
        # Whatever it is, nobody's message stays unjudged for it.
        why = f"The model broke in a way that nobody foresaw ({type(error).__name__})."
        log.error("the model did not judge: %s %s", why, _place_of(error))
        raise JudgeFailed(why) from None


def _place_of(error: Exception) -> str:
    """Where it broke; its own words may hold what somebody said, and are left out."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _ms_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1_000)
