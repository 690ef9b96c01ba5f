"""Refusals: the desk says no, in a sentence for the person who asked."""

from datetime import datetime


class Refusal(Exception):
    """Base of every typed no. `str(refusal)` is the sentence to show."""

    # Whether the sentence holds nothing that anybody wrote, and nobody's name.
    may_be_logged = False


class NotSignedIn(Refusal):
    may_be_logged = True

    def __init__(self) -> None:
        super().__init__("Please sign in again: your session has ended.")


class KeyRefused(Refusal):
    """No such key, a revoked one, or a demo's outside the demo: told alike on purpose."""

    may_be_logged = True

    def __init__(self) -> None:
        super().__init__("This API key is not valid here. Please use another one.")


class NotPermitted(Refusal):
    """The role does not allow the verb at all."""


class NoSuchCase(Refusal):
    """The case does not exist, or this person may not see it. The two are told alike on purpose."""

    may_be_logged = True

    def __init__(self) -> None:
        super().__init__("No such case. It may be outside your topics and areas.")


class NoSuchConversation(Refusal):
    may_be_logged = True

    def __init__(self) -> None:
        super().__init__("No such conversation.")


class NoSuchKey(Refusal):
    def __init__(self) -> None:
        super().__init__("No such API key.")


class NoSuchDelivery(Refusal):
    def __init__(self) -> None:
        super().__init__("No such delivery. Old ones are not kept for ever.")


class WebhookIsOff(Refusal):
    """Nothing can be sent to this queue's endpoint; `because` is "" when the settings say so."""

    def __init__(self, queue: str, because: str) -> None:
        if because:
            said = f"was switched off: {because}. Switch it on again first"
        elif queue == "preview":
            said = "is off. Switch it on and save first"
        else:
            said = "is off. Switch it on and publish first"
        super().__init__(f"The webhook of the {queue} queue {said}.")


class AlreadyClaimed(Refusal):
    """Another hand was first."""

    def __init__(self, claimed_by: str, claimed_at: datetime, now: datetime) -> None:
        self.claimed_by = claimed_by
        self.claimed_at = claimed_at
        super().__init__(f"Claimed by {claimed_by} {_ago(now, claimed_at)}.")


class NotYours(Refusal):
    """The case is not claimed by the person who wants to release or complete it."""


class AlreadyCompleted(Refusal):
    def __init__(self, completed_by: str) -> None:
        super().__init__(f"This case was already completed by {completed_by}.")


class AlreadyEscalated(Refusal):
    def __init__(self, escalation_id: int) -> None:
        self.escalation_id = escalation_id
        super().__init__(f"This conversation already has the open case #{escalation_id}.")


class RequestDiffers(Refusal):
    """A key that says "the same request again" came with another request."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used with another body. Nothing was done; "
            "a new request needs a new key."
        )


class InvalidInput(Refusal):
    """A field holds something the desk can't take; `field` names it as the wire does."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class SignInRefused(Refusal):
    """Wrong name or password, told alike."""

    may_be_logged = True

    def __init__(self) -> None:
        super().__init__("Username or password is not right.")


class TooManyAttempts(Refusal):
    def __init__(self, minutes: int) -> None:
        super().__init__(f"Too many attempts. Please try again in {minutes} minutes.")


class TooManyDeeds(Refusal):
    """More than hands can do. A case's history can't be shortened again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"That was a lot in one minute. Please go on in {retry_after} s.")


class DeskUnavailable(Refusal):
    """The database can't answer now. Nothing was done."""

    may_be_logged = True

    def __init__(
        self,
        sentence: str = "The desk can't reach its database right now. "
        "Nothing was changed; please try again.",
    ) -> None:
        super().__init__(sentence)


class DiskFull(DeskUnavailable):
    """What is there can be read, and nothing can be added to it."""

    def __init__(self) -> None:
        super().__init__(
            "The desk can't write at the moment: its disk is full. "
            "Nothing was changed; please try again when there is room."
        )


class OutcomeUnknown(Refusal):
    """The database went away in the middle of a commit, so nobody can say yet what it did."""

    may_be_logged = True

    def __init__(self) -> None:
        super().__init__(
            "The desk lost its database while saving. Please look again whether it was done."
        )


class NotJudgedYet(Refusal):
    """A message is stored, and the desk could not judge it or open its case."""

    may_be_logged = True

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Message {number} is stored, but the desk lost its database before it was judged. "
            "Please have it judged again; with the same Idempotency-Key it is not stored twice."
        )


def _ago(now: datetime, then: datetime) -> str:
    seconds = max(0, round((now - then).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
