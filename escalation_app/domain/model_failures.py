"""How a language model can fail a person, by name, so that everybody can go on without it."""

from enum import StrEnum

from escalation_app.domain.refusals import Refusal


class ModelFailure(StrEnum):
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    BUSY = "busy"
    REFUSED = "refused"
    BROKEN = "broken"
    UNUSABLE = "unusable"
    CUT_OFF = "cut_off"


_SENTENCES = {
    ModelFailure.UNREACHABLE: "The model can't be reached",
    ModelFailure.TIMED_OUT: "The model did not answer in time",
    ModelFailure.BUSY: "The model is busy",
    ModelFailure.REFUSED: "The model refused",
    ModelFailure.BROKEN: "The model has a fault of its own",
    ModelFailure.UNUSABLE: "The model's answer can't be used",
    ModelFailure.CUT_OFF: "The model's answer broke off",
}


class ModelFailed(Refusal):
    """No answer, or none that can be used. `why` never holds text of a message or an answer."""

    may_be_logged = True

    def __init__(self, kind: ModelFailure, why: str = "") -> None:
        self.kind = kind
        super().__init__(f"{_SENTENCES[kind]}: {why}." if why else f"{_SENTENCES[kind]}.")
