"""Arguments of events, which anybody on the socket can choose."""

from escalation_app.domain.columns import LARGEST_ID
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.vocabulary import Queue


def case_number(value: object) -> int:
    """The number of a case. Raises InvalidInput."""
    return _number(value, "case_id", "That is not a case's number.")


def conversation_number(value: object) -> int:
    """The number of a conversation. Raises InvalidInput."""
    return _number(value, "id", "That is not a conversation's number.")


def delivery_number(value: object) -> int:
    """The number of a delivery. Raises InvalidInput."""
    return _number(value, "delivery_id", "That is not a delivery's number.")


def message_number(value: object) -> int:
    """The number of a message in its conversation. Raises InvalidInput."""
    return _number(value, "number", "That is not a message's number.")


def version_number(value: object) -> int:
    """The number of a published version. Raises InvalidInput."""
    return _number(value, "number", "That is not a version's number.")


def how_many(value: object) -> int:
    """A count of conversations. Raises InvalidInput."""
    return _number(value, "last", "Please say how many conversations, as a whole number.")


def queue_named(value: str) -> Queue:
    """Raises InvalidInput."""
    try:
        return Queue(value)
    except ValueError:
        raise InvalidInput("queue", "Please choose the preview or the published queue.") from None


def _number(value: object, field: str, sentence: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise InvalidInput(field, sentence) from None
    if not 0 < number <= LARGEST_ID:
        raise InvalidInput(field, sentence)
    return number
