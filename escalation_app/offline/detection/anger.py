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
    return message.once("mood", lambda: _mood_of(message))


def _mood_of(message: Message) -> Mood:
    said = list(findings(message, Signal.ANGER))
    hints = list(findings(message, Signal.ANGER, hints=True))
    shown = [finding for finding in said if not finding.denied]
    hinted = [finding for finding in hints if not finding.denied]
    level = _level(message, len(shown), len(hinted))
    if message.is_english:
        # The classifier learned English from a forum: its yes counts, its no only for hints.
        score = _classifier().score(without_denied(message, said + hints))
        level = max(level, 1.0 + score / 2) if score > 0 else level
    is_calm = level < 1 and first(message, "calm") is not None
    start, end = _place(shown or hinted, message)
    return Mood(level, Evidence(message, start, end, max(level, 1.0)), is_calm)


def _place(found: list[Finding], message: Message) -> tuple[int, int]:
    """What to quote: the words found, else how the message begins."""
    return (found[0].start, found[0].end) if found else (0, min(len(message.text), 60))


def _level(message: Message, shown: int, hinted: int) -> float:
    """What the lexicon and the way of writing say."""
    if shown:
        return 1.0 + 0.4 * (shown - 1 + is_shouted(message))
    level = 0.35 * min(hinted, 2) + (0.25 if "!!" in message.text else 0.0)
    if is_shouted(message) and not first(message, "calm"):
        level += 1.0 if first(message, "demanding") else 0.5
    return level


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
