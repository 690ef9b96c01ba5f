"""Does the conversation meet a condition? The model says which, and is believed in nothing else."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, ValidationError

from escalation_app.domain.detection import Detection, Detector, TriggerCondition, Utterance
from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.domain.text import without_unstorable
from escalation_app.domain.vocabulary import Urgency
from escalation_app.integrations.model.objects import first_object
from escalation_app.integrations.model.prompt import Prompt, about, as_data

REASON_LIMIT = 300

_TASK = """\
You watch conversations between an end user and an AI support agent, and decide whether the \
conversation meets one of the conditions below with its latest message. Judge what the user \
means and feels, not single words: somebody who is "not angry at all" is not angry. If several \
conditions are met, choose the most urgent. If none is met, the trigger is null. A message with "settled": true was said before people completed an earlier case of this conversation: it tells what later messages mean, but a condition must be met by what was said since. Thanks or a goodbye after it meets none.

Conditions, with what a case of each usually is:
{conditions}

Topics: {topics}
Areas: {areas}

Answer with one JSON object and nothing else:
{{"trigger": a condition's trigger exactly as above, or null, "urgency": "low", "medium", "high" \
or "critical", "topic": one of the topics, "area": one of the areas, "reason": one sentence in \
English for a supervisor, at most 200 characters, what happened and what the user wants}}"""

_REMINDER = "Which condition does this conversation meet? Answer with the JSON object only."

_Trimmed = Annotated[str, StringConstraints(strip_whitespace=True)]


class _Verdict(BaseModel):
    """What the model must say of a condition that is met."""

    trigger: _Trimmed
    urgency: Urgency
    topic: _Trimmed | None = None
    area: _Trimmed | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def prompt(
    conversation: Sequence[Utterance],
    conditions: Sequence[TriggerCondition],
    topics: Sequence[str],
    areas: Sequence[str],
) -> Prompt:
    task = _TASK.format(
        conditions="\n".join(as_data(_described(condition)) for condition in conditions),
        topics=as_data(list(topics)),
        areas=as_data(list(areas)),
    )
    return about(conversation, task, _REMINDER)


def schema(
    conditions: Sequence[TriggerCondition], topics: Sequence[str], areas: Sequence[str]
) -> dict[str, Any]:
    """The same in JSON Schema, as strict endpoints want it."""
    properties = {
        "trigger": {"type": ["string", "null"], "enum": [*(c.label for c in conditions), None]},
        "urgency": {"type": "string", "enum": [urgency.value for urgency in Urgency]},
        "topic": {"type": "string", "enum": _names(topics, (c.topic for c in conditions))},
        "area": {"type": "string", "enum": _names(areas, (c.area for c in conditions))},
        "reason": {"type": "string"},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read(
    answer: str,
    conditions: Sequence[TriggerCondition],
    topics: Sequence[str],
    areas: Sequence[str],
) -> Detection | None:
    """The detection that the answer holds.

    Raises:
        ModelFailed: The answer is anything else than what was asked for.
    """
    found = first_object(answer)
    if found is None or _says_none(found, conditions):
        return None
    verdict = _validated(found)
    condition = next((c for c in conditions if c.label.strip() == verdict.trigger), None)
    if condition is None:
        raise ModelFailed(ModelFailure.UNUSABLE, "its trigger does not exist")
    return Detection(
        trigger=condition.label,
        urgency=verdict.urgency,
        topic=_known(verdict.topic, topics) or condition.topic,
        area=_known(verdict.area, areas) or condition.area,
        reason=verdict.reason[:REASON_LIMIT].strip(),
        detector=Detector.AI,
    )


def _validated(found: dict[str, Any]) -> _Verdict:
    storable = {
        name: without_unstorable(value) if isinstance(value, str) else value
        for name, value in found.items()
    }
    try:
        return _Verdict.model_validate(storable)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(e["loc"][0]) for e in error.errors(include_input=False)}))
        raise ModelFailed(ModelFailure.UNUSABLE, f"its {wrong} is missing or wrong") from None


def _says_none(found: dict[str, Any], conditions: Sequence[TriggerCondition]) -> bool:
    if "trigger" not in found:
        return False
    trigger = found["trigger"]
    if trigger is None:
        return True
    none = isinstance(trigger, str) and trigger.strip().casefold() in {"", "none", "null"}
    return none and trigger not in {condition.label for condition in conditions}


def _described(condition: TriggerCondition) -> dict[str, str]:
    return {
        "trigger": condition.label,
        "when": condition.description,
        "urgency": condition.urgency.value,
        "topic": condition.topic,
        "area": condition.area,
    }


def _known(name: str | None, names: Sequence[str]) -> str | None:
    """The tag that is meant, however its letters are written."""
    return next((n for n in names if name and n.casefold() == name.casefold()), None)


def _names(*sources: Any) -> list[str]:
    return list(dict.fromkeys(name for source in sources for name in source))
