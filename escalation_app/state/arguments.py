"""Arguments of events, which anybody on the socket can choose."""

from escalation_app.domain.refusals import InvalidInput

LARGEST_ID = 2**31 - 1


def case_number(value: object) -> int:
    """The number of a case. Raises InvalidInput."""
    try:
        number = int(str(value))
    except ValueError:
        raise InvalidInput("case_id", "That is not a case's number.") from None
    if not 0 < number <= LARGEST_ID:
        raise InvalidInput("case_id", "That is not a case's number.")
    return number
