"""When asking once more may help, and how long to wait before."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PAUSE_SECONDS = 0.5


def is_worth_a_retry(status: int) -> bool:
    return status == 429 or status >= 500


def pause_before_retry(retry_after: str | None) -> float:
    """The seconds the server asks for, given as a number or as a date; else a short pause."""
    if not retry_after:
        return PAUSE_SECONDS
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        # No date, or one of a year that no calendar has.
        return PAUSE_SECONDS
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
