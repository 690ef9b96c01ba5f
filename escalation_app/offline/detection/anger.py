"""Is the user angry? A classifier and the lexicon for each message, and the last few together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from escalation_app.offline.detection.classifier import LinearClassifier
from escalation_app.offline.detection.evidence import Evidence, Finding, findings, first
from escalation_app.offline.detection.reading import Message
from escalation_app.offline.detection.signals import Signal

# Anger of the last few messages counts, unless the user has calmed down since.
LAST_MESSAGES = 4
# Plain words of anger count even where the classifier, which learned from a forum, doubts.
DOUBT = 0.9
SEVERE = 2.0
SHOUTED_WORDS = 3


@dataclass(frozen=True, slots=True)
class Mood:
    """One message: 1 or more is angry, 2 or more severely so, less is a hint."""

    level: float
    evidence: Evidence
    is_calm: bool


def anger_of(messages: Sequence[Message]) -> Evidence | None:
    """The strongest evidence of anger in the user's last messages, the latest of equals."""
    moods = [mood_of(message) for message in messages[-LAST_MESSAGES:]]
    for at in reversed(range(len(moods))):
        if moods[at].is_calm:
            moods = moods[at + 1 :]
            break
    if not moods:
        return None
    strongest = max(reversed(moods), key=lambda mood: mood.level)
    together = sum(min(mood.level, 1.0) for mood in moods if mood.level > 0)
    if strongest.level >= 1 or (together >= 1 and strongest.level > 0):
        return strongest.evidence
    return None


def mood_of(message: Message) -> Mood:
    said = list(findings(message, Signal.ANGER))
    hints = list(findings(message, Signal.ANGER, hints=True))
    shown = [finding for finding in said if not finding.denied]
    hinted = [finding for finding in hints if not finding.denied]
    level = 0.35 * min(len(hinted), 2) + (0.5 if is_shouted(message) else 0.0)
    level += 0.25 if "!!" in message.text else 0.0
    level = _weighed(message, said + hints, len(shown), level)
    is_calm = level < 1 and not shown and first(message, "calm") is not None
    place = (shown or hinted or [Finding(0, min(len(message.text), 60), False)])[0]
    quote = message.quote(place.start, place.end)
    return Mood(level, Evidence(message.number, quote, max(level, 1.0)), is_calm)


def _weighed(message: Message, found: list[Finding], shown: int, level: float) -> float:
    """The lexicon's level, corrected by the classifier where it knows the language."""
    if shown:
        level = max(1.0, level) + 0.4 * (shown - 1)
    if not message.is_english:
        return level
    score = _classifier().score(without_denied(message, found))
    if score > 0:
        return max(level, 1.0 + score / 2)
    if shown and score > -DOUBT:
        return level
    return min(level, 0.6)


def without_denied(message: Message, found: list[Finding]) -> str:
    """The text without the words of anger that the user denies ("not angry at all")."""
    text = message.text
    for finding in sorted(found, key=lambda finding: -finding.start):
        if finding.denied:
            text = text[: finding.start] + text[finding.end :]
    return text


def is_shouted(message: Message) -> bool:
    """In capitals, and more than an abbreviation or two."""
    words = [word for word in message.text.split() if sum(map(str.isalpha, word)) > 1]
    loud = sum(word.isupper() for word in words)
    return loud >= SHOUTED_WORDS and loud * 10 >= len(words) * 7


@cache
def _classifier() -> LinearClassifier:
    return LinearClassifier.load("angry")
