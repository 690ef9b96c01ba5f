"""The conversation's evidence for each signal, looked up once."""

from collections.abc import Sequence
from functools import cache

from escalation_app.domain.detection import Utterance
from escalation_app.domain.vocabulary import Speaker
from escalation_app.offline.detection.anger import anger_of
from escalation_app.offline.detection.classifier import LinearClassifier
from escalation_app.offline.detection.conditions import Need
from escalation_app.offline.detection.evidence import (
    GUESSED,
    Evidence,
    Finding,
    findings,
    first,
)
from escalation_app.offline.detection.reading import Message
from escalation_app.offline.detection.repetition import unresolved
from escalation_app.offline.detection.signals import Signal
from escalation_app.offline.detection.wording import Wording, likeness

EMOTION_LASTS = 4
INTENT_LASTS = 10
READ_BACK = 24
# The word "refund" counts although the classifier doubts, up to here.
DOUBT = 2.0


class Reader:
    """What the last user messages show, but for what is settled.

    An agent's message is no evidence of the user's mood.
    """

    def __init__(self, conversation: Sequence[Utterance]) -> None:
        recent = [line for line in conversation if not line.settled][-READ_BACK * 2 :]
        read = [(line.speaker, Message.read(line)) for line in recent]
        self.user = [message for speaker, message in read if speaker is Speaker.USER]
        self.user = self.user[-INTENT_LASTS:]
        self.agent = [message for speaker, message in read if speaker is Speaker.AGENT]
        self.turn = _last_turn(read)
        self._known: dict[Signal, Evidence | None] = {}

    def evidence(self, need: Need) -> Evidence | None:
        """What shows the need. A denied one has no evidence; see `contradicts`."""
        if isinstance(need.what, Wording):
            return likeness(need.what, self.user)
        return self.of(need.what)

    def of(self, signal: Signal) -> Evidence | None:
        if signal not in self._known:
            self._known[signal] = self._look(signal)
        return self._known[signal]

    def denial(self, signal: Signal) -> Evidence | None:
        """The last message says that it is not so."""
        return first(self.user[-1], signal, denied=True) if self.user else None

    def _look(self, signal: Signal) -> Evidence | None:
        match signal:
            case Signal.ANGER:
                return anger_of(self.user)
            case Signal.DISSATISFACTION:
                return self._latest(signal, EMOTION_LASTS) or self.of(Signal.ANGER)
            case Signal.UNRESOLVED:
                return self._latest(signal, EMOTION_LASTS) or unresolved(self.user, self.agent)
            case Signal.DISTRESS | Signal.ABUSE | Signal.URGENCY:
                return self._latest(signal, EMOTION_LASTS)
            case Signal.REFUND:
                return self._refund()
            case _:
                return self._latest(signal, INTENT_LASTS)

    def _latest(self, signal: Signal, back: int) -> Evidence | None:
        """The latest message that says so, unless a later one takes it back."""
        for message in reversed(self.user[-back:]):
            if shown := first(message, signal):
                return shown
            if first(message, signal, denied=True) or first(message, "closing"):
                return None
        return None

    def _refund(self) -> Evidence | None:
        for message in reversed(self.user):
            found = list(findings(message, Signal.REFUND))
            said = [finding for finding in found if not finding.denied]
            if (found and not said) or _has_it(message):
                return None
            if _asks_for_refund(message, said):
                start, end = (said[0].start, said[0].end) if said else (0, 60)
                end = min(end, len(message.text))
                # Who cancels an order may want their money, or may not have paid yet.
                is_guess = not said and first(message, Signal.LEAVING) is not None
                return Evidence(message, start, end, GUESSED if is_guess else 1.0)
        return None


def _has_it(message: Message) -> bool:
    """The refund is there, or nothing is left to do; unless another is demanded in one breath."""
    is_content = first(message, "refund_settled") or first(message, "closing")
    return is_content is not None and first(message, "refund_demanded") is None


def _asks_for_refund(message: Message, said: Sequence[Finding]) -> bool:
    """Demanded outright, or spoken of in English where the classifier has no strong doubt."""
    if not message.is_english:
        return bool(said)
    score = message.once("refund", lambda: _refund_classifier().score(message.text))
    if score > 0 or (said and score > -DOUBT):
        return True
    is_foreign = any(finding.language != "en" for finding in said)
    return is_foreign or (bool(said) and first(message, "refund_demanded") is not None)


def _last_turn(read: Sequence[tuple[Speaker, Message]]) -> frozenset[int]:
    """The numbers of the user's messages since the agent last spoke before them."""
    numbers: list[int] = []
    for speaker, message in reversed(read):
        if speaker is Speaker.USER:
            numbers.append(message.number)
        elif numbers:
            break
    return frozenset(numbers)


@cache
def _refund_classifier() -> LinearClassifier:
    return LinearClassifier.load("refund")
