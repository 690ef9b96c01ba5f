"""A condition in plain language, read into what it requires."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from escalation_app.offline.detection.clauses import Clause, Join, clauses
from escalation_app.offline.detection.lexicon import LANGUAGES, NOTHING, words
from escalation_app.offline.detection.signals import Signal
from escalation_app.offline.detection.wording import Wording

READ_OF_CONDITION = 2_000


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must show: a signal or a wording; `denied`, that it must not."""

    what: Signal | Wording
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """Any of these is enough."""

    any_of: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """Alternatives, each a list of demands that must all be met."""

    alternatives: tuple[tuple[Demand, ...], ...]


@lru_cache(maxsize=500)
def requirement(label: str, description: str) -> Requirement:
    """What the description requires; the label speaks where the description is silent."""
    described = _read(description)
    if any(isinstance(need.what, Signal) for need in _needs(described)):
        return Requirement(described)
    labelled = _read(label)
    if any(isinstance(need.what, Signal) for need in _needs(labelled)):
        return Requirement(labelled + described)
    return Requirement(described or labelled)


def _needs(alternatives: Iterable[tuple[Demand, ...]]) -> Iterable[Need]:
    return (need for demands in alternatives for demand in demands for need in demand.any_of)


def _read(text: str) -> tuple[tuple[Demand, ...], ...]:
    alternatives: list[list[Demand]] = []
    is_list = True
    for clause in clauses(text[:READ_OF_CONDITION]):
        demands = _demands(clause)
        is_list = is_list and not clause.has_verb
        if not demands:
            continue
        if not alternatives or clause.join is Join.ELSE:
            alternatives.append(demands)
        elif clause.join is Join.OR or (is_list and _are_alike(alternatives[-1], demands)):
            _widen(alternatives[-1], demands)
        else:
            _add(alternatives[-1], demands, clause)
    return tuple(tuple(demands) for demands in alternatives)


def _are_alike(demands: list[Demand], others: list[Demand]) -> bool:
    """ "Refunds and returns" is a list; "anger and refund" asks for both."""
    feelings = {
        isinstance(need.what, Signal) and need.what.is_emotion
        for demand in [*demands, *others]
        for need in demand.any_of
    }
    return len(feelings) == 1


def _widen(demands: list[Demand], others: list[Demand]) -> None:
    """ "A refund or a replacement": the last demand is met by either."""
    last, more = demands.pop(), [need for demand in others for need in demand.any_of]
    needs = tuple(dict.fromkeys([*last.any_of, *more]))
    # "Lost or stolen card": a single word beside a known signal is half a name, not a need.
    whole = tuple(need for need in needs if not _is_half(need))
    demands.append(Demand(whole or needs))


def _is_half(need: Need) -> bool:
    return isinstance(need.what, Wording) and len(need.what.stems) < 2


def _add(demands: list[Demand], others: list[Demand], clause: Clause) -> None:
    """ "Angry and asks for …"; a bare noun that no signal names is no demand of its own."""
    if len(demands) == 1 and not clause.has_verb and all(map(_is_half, demands[0].any_of)):
        demands.clear()
    for demand in others:
        is_known = any(isinstance(need.what, Signal) for need in demand.any_of)
        if demand not in demands and (is_known or clause.has_verb):
            demands.append(demand)


def _demands(clause: Clause) -> list[Demand]:
    needs = dict(_signals(clause))
    telling = [need for signal, need in needs.items() if not signal.is_minor]
    if telling:
        return [Demand((need,)) for need in telling]
    wording = Wording.of(clause.text)
    if wording.stems:
        return [Demand((Need(wording, clause.negated),))]
    return [Demand((need,)) for need in needs.values()]


def names(text: str, signal: Signal) -> bool:
    """Whether a condition's words name the signal at all."""
    plain = text.lower().replace("’", "'")
    return any(words(lang).named.get(signal, NOTHING).search(plain) for lang in LANGUAGES)


def _signals(clause: Clause) -> Iterable[tuple[Signal, Need]]:
    """The signals that the clause names, each with whether it is denied."""
    for signal in Signal:
        for language in LANGUAGES:
            hit = words(language).named.get(signal, NOTHING).search(clause.text)
            if hit:
                denied = clause.negated or _negated(language, clause.text[: hit.start()])
                yield signal, Need(signal, denied)
                break


def _negated(language: str, before: str) -> bool:
    """ "Not angry"; but "has not received the refund" is about the refund."""
    negation = words(language).negation
    kept = r"(?! only| just)(?! (?:been |yet |be |get |got |ever )*(?:receiv|arriv|got|get|help|solv|resolv|process|diterima|menerima|dapat))"
    return bool(re.search(rf"(?<!\w)(?:{negation}){kept}(?: \S+){{0,4}} ?$", before))
