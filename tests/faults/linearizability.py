"""Whether one order of all calls on a case explains every answer: a check for linearizability.

The order must keep to time (a call that was answered before another was asked comes before it), to
the register of the case, and to the case's own timeline: its changes are the timeline's, each made
by one call, and none is missing. A call that was not answered may have been done at any time since,
or never. It is the search of Wing and Gong, where places that were seen are not searched again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.faults.case_register import TOLD, Refused, State, Verb, play
from tests.faults.claim_history import Call, Outcome


@dataclass(frozen=True, slots=True)
class Fact:
    """A change as the timeline tells it: `claimed`, `released` or `completed`, and by whom."""

    kind: str
    who: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an explanation has got to: so many facts, what the case is then, which calls it has."""

    facts: int
    state: State
    done: int


_BEGIN = _Place(0, State(), 0)


def contradiction(calls: Sequence[Call], timeline: Sequence[Fact]) -> str | None:
    """A sentence about what can't be explained in this history of one case, or None.

    Whoever was told that nothing was changed is believed: if something was, it is unexplained.
    """
    believed = [call for call in calls if call.answer.outcome is not Outcome.UNCHANGED]
    return _Search(believed, timeline).contradiction()


class _Search:
    def __init__(self, calls: Sequence[Call], timeline: Sequence[Fact]) -> None:
        self._calls = list(enumerate(calls))
        self._timeline = list(timeline)
        self._answered = sum(1 << number for number, call in self._calls if not call.is_open)

    def contradiction(self) -> str | None:
        places, seen, furthest = [_BEGIN], set[_Place](), _BEGIN
        while places:
            place = self._with_what_fits(places.pop())
            if place in seen:
                continue
            seen.add(place)
            if self._is_whole(place):
                return None
            furthest = max(furthest, place, key=self._explained)
            places.extend(self._next(place))
        return self._sentence(furthest)

    def _is_whole(self, place: _Place) -> bool:
        everybody_answered = place.done & self._answered == self._answered
        return everybody_answered and place.facts == len(self._timeline)

    def _explained(self, place: _Place) -> tuple[int, int]:
        return (place.done & self._answered).bit_count(), place.facts

    def _with_what_fits(self, place: _Place) -> _Place:
        """What can only ever change nothing is never better put later than where it fits."""
        while True:
            fits = sum(
                1 << number
                for number, call in self._may_be_next(place)
                if _never_changes(call) and self._fits(call, place)
            )
            if not fits:
                return place
            place = _Place(place.facts, place.state, place.done | fits)

    def _next(self, place: _Place) -> Iterator[_Place]:
        for number, call in self._may_be_next(place):
            after = play(place.state, call.verb, call.who, call.what)
            if isinstance(after, Refused) or _never_changes(call):
                continue
            if call.answer.state not in (None, after):
                continue
            done = place.done | 1 << number
            if after != place.state and self._is_told(place, call):
                yield _Place(place.facts + 1, after, done)
            elif after == place.state and not call.is_open:
                yield _Place(place.facts, after, done)

    def _is_told(self, place: _Place, call: Call) -> bool:
        return self._timeline[place.facts : place.facts + 1] == [Fact(TOLD[call.verb], call.who)]

    def _may_be_next(self, place: _Place) -> Iterator[tuple[int, Call]]:
        """Those that were asked before any that is still to come was answered."""
        left = [one for one in self._calls if not place.done >> one[0] & 1]
        first = min((call.until for _, call in left if not call.is_open), default=None)
        return (one for one in left if first is None or one[1].since <= first)

    @staticmethod
    def _fits(call: Call, place: _Place) -> bool:
        after = play(place.state, call.verb, call.who, call.what)
        if isinstance(after, Refused):
            is_no = call.answer.outcome is Outcome.REFUSED
            return is_no and call.answer.said.startswith(after.sentence)
        return call.verb is Verb.LOOK and (call.answer.state, call.answer.facts) == (
            place.state,
            place.facts,
        )

    def _sentence(self, place: _Place) -> str:
        so_far = f"After {place.facts} of {len(self._timeline)} facts the case is {place.state}"
        left = [call for number, call in self._calls if not place.done >> number & 1]
        answered = [call for call in left if not call.is_open]
        if answered:
            first = min(answered, key=lambda call: call.until or 0)
            return f"{so_far}, and nothing explains {first}."
        fact = self._timeline[place.facts]
        return f"{so_far}, and nobody's call explains that it was {fact.kind} by {fact.who}."


def _never_changes(call: Call) -> bool:
    return call.verb is Verb.LOOK or call.answer.outcome is Outcome.REFUSED
