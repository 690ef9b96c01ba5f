"""What one case must do with each verb: a register of its status, its owner and its resolution.

It is written down apart from the desk's own code, so that one can be held against the other.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from escalation_app.domain.vocabulary import Status


class Verb(StrEnum):
    CLAIM = "claim"
    RELEASE = "release"
    COMPLETE = "complete"
    LOOK = "look"


# How the timeline tells a verb that changed the case.
TOLD = {Verb.CLAIM: "claimed", Verb.RELEASE: "released", Verb.COMPLETE: "completed"}


@dataclass(frozen=True, slots=True)
class State:
    """Whose case it is, or was when it was completed, and what happened then."""

    status: Status = Status.PENDING
    owner: str = ""
    what: str = ""

    def __str__(self) -> str:
        match self.status:
            case Status.PENDING:
                return "Pending"
            case Status.IN_PROGRESS:
                return f"InProgress with {self.owner}"
            case Status.COMPLETED:
                return f"Completed by {self.owner} (“{self.what}”)"


@dataclass(frozen=True, slots=True)
class Refused:
    """How the sentence begins that a person is to read."""

    sentence: str


def play(state: State, verb: Verb, who: str, what: str = "") -> State | Refused:
    """What the case is afterwards, or why this can't be done. Looking changes nothing."""
    match verb:
        case Verb.CLAIM:
            return _claim(state, who)
        case Verb.RELEASE:
            return _release(state, who)
        case Verb.COMPLETE:
            return _complete(state, who, what)
        case Verb.LOOK:
            return state


def _claim(state: State, who: str) -> State | Refused:
    match state.status:
        case Status.PENDING:
            return replace(state, status=Status.IN_PROGRESS, owner=who)
        case Status.IN_PROGRESS if state.owner == who:
            return state
        case Status.IN_PROGRESS:
            return Refused(f"Claimed by {state.owner} ")
        case Status.COMPLETED:
            return Refused(f"This case was already completed by {state.owner}.")


def _release(state: State, who: str) -> State | Refused:
    if state.status is not Status.IN_PROGRESS:
        return Refused("This case is not claimed by anybody")
    if state.owner != who:
        return Refused(f"This case is claimed by {state.owner};")
    return State()


def _complete(state: State, who: str, what: str) -> State | Refused:
    if state.status is Status.COMPLETED:
        if (state.owner, state.what) == (who, what):
            return state
        return Refused(f"This case was already completed by {state.owner}.")
    if state.status is not Status.IN_PROGRESS or state.owner != who:
        owner = state.owner or "nobody"
        return Refused(f"Only the owner can complete a case; this one is claimed by {owner}.")
    return State(Status.COMPLETED, who, what)
