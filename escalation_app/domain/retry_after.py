"""How long a receiver asks us to wait."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(hours=24)


def wait_asked_for(retry_after: str, now: datetime) -> timedelta | None:
    """From the header's seconds or date, a day at the most. Nonsense and the past ask for nothing."""
    text = retry_after.strip()
    wait = _seconds(text) if text.isascii() and text.isdigit() else _until(text, now)
    return min(wait, LONGEST_WAIT) if wait > timedelta() else None


def _seconds(digits: str) -> timedelta:
    # More digits than these are more than a day, and int() refuses thousands of them.
    short = digits.lstrip("0")[:9]
    return timedelta(seconds=int(short or "0"))


def _until(date: str, now: datetime) -> timedelta:
    try:
        at = parsedate_to_datetime(date)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return timedelta()
