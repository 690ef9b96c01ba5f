"""How the settings say no."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation_app.domain.configuration import Configuration
from escalation_app.domain.differences import FieldChange
from escalation_app.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that can't be taken: its path, such as `conditions.0.label`, and why in words."""

    field: str
    sentence: str


def too_long(field: str, most: int) -> FieldProblem:
    """A list with more members than it may have."""
    return FieldProblem(field, f"There can be {most:,} of them at the most.")


class InvalidConfiguration(Refusal):
    """All that is wrong with a bundle, at once."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.sentence for problem in self.problems))


class SettingsChangedMeanwhile(Refusal):
    """Somebody else saved first. Nothing was overwritten.

    `theirs` is the draft as it is now. Each of `changes` has mine as `before` and theirs as
    `after`; where nothing of mine was sent, it is what they changed.
    """

    def __init__(
        self,
        theirs: Configuration,
        revision: int,
        saved_by: str,
        saved_at: datetime,
        changes: Sequence[FieldChange],
    ) -> None:
        self.theirs = theirs
        self.revision = revision
        self.saved_by = saved_by
        self.saved_at = saved_at
        self.changes = tuple(changes)
        super().__init__(f"{saved_by} saved the settings meanwhile. Nothing was overwritten.")


class NothingToPublish(Refusal):
    def __init__(self) -> None:
        super().__init__("The draft is the same as what is published.")


class NoSuchVersion(Refusal):
    def __init__(self, number: int) -> None:
        super().__init__(f"There is no version {number} of the settings.")


class NoSecret(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no webhook secret yet. Please make one.")


class SecretUnreadable(Refusal):
    """It was sealed with another key, which this process doesn't have."""

    def __init__(self) -> None:
        super().__init__("The webhook secret can't be read with the present key. Make a new one.")


class SecretKeyMissing(Refusal):
    """Each process would seal with a key that no other has, and that ends with it."""

    may_be_logged = True

    def __init__(self) -> None:
        super().__init__(
            "Outside the demo a desk on PostgreSQL needs its key: please set ESCALATION_SECRET_KEY."
        )
